r"""Refusals in other words than STOP: patterns that make the bot ask the team.

Data: RE2 patterns, which take time linear to a text, matched in small letters without accents, with straight
apostrophes and single blanks. Better one question too many than a refusal missed. ``SHORT`` ones are the whole text.
"""

NO_REFUSALS = (
    (
        r"\b(?:do not|don't|dont|never|won't|wont|can't|cant|will not|i'll|ill|i will|did you|didn't|doesn't"
        r"|why) (?:\w+ )?stop\b"
    ),
    r"\bstop (?:by|in|over|at|off|for|sign|light|watch|the (?:bus|car|order|payment|cheque|check|leak|water))\b",
    r"\b(?:bus|pit|non|full|next|last|first|one) stop\b",
    (
        r"\b(?:don't|dont|do not) (?:text|message|contact) (?:me|us) (?:before|until|till|after|between|while"
        r"|during|at)\b"
    ),
)
"""What is taken out first: it only sounds like one."""

ENGLISH = (
    (
        r"\bstop (?:with )?(?:the |these |all |your |this )?(?:text|messag|sms|spam|contact|sending|writing"
        r"|bother|harass|calling)"
    ),
    (
        r"\b(?:quit|cease|discontinue|end) (?:with )?(?:the |these |all |your |this )?(?:text|messag|sms|spam"
        r"|contact|sending|bother|harass)"
    ),
    (
        r"\b(?:do not|don't|dont|never|no longer) (?:ever )?(?:text|txt|message|contact|write|sms|msg)(?:"
        r" to)? (?:me|us|this|my|here|again|anymore)\b"
    ),
    (
        r"\b(?:take|remove|delete|drop|get|scratch) (?:me|us|this number|my (?:\w+ )?(?:number|phone|name"
        r"|info|contact)) (?:off|from|out of) (?:\w+ ){0,4}(?:lists?|texts?|messages?|database|system"
        r"|contacts|records|mailings?|group|chain|thread|this|these)\b"
    ),
    r"\b(?:remove|delete|erase) (?:me|my (?:phone )?number)(?: please| now| immediately| asap)?(?:[.!]|$)",
    r"\bunsubscribe\b",
    (
        r"\bopt(?:ing|ed)?[ -]?(?:me |us |my number )?out\b(?: please| now| of (?:\w+ )?(?:texts?|messages?"
        r"|sms|alerts?|this|these|lists?|communications?)\b|[.! ]*$)"
    ),
    (
        r"\b(?:do not|don't|dont|no longer|didn't|never) (?:want|wish|like|need|agree|consent|sign(?:ed)?(?:"
        r" up)?)(?: to)?(?: be)?(?: get| getting| receive| receiving| texted| contacted| messaged| hear|"
        r" for)?(?: any| anymore| more| these| your| the| such)*(?: text| txt| messag| sms| spam| contact|"
        r" from you)"
    ),
    r"\b(?:don't|dont|do not|no longer) (?:want|wish) to (?:be (?:texted|contacted|messaged)|hear from)\b",
    r"\bno more (?:texts?|messages?|sms|texting|spam|msgs?)\b",
    r"\bleave me alone\b",
    r"\blose (?:my|this) number\b",
    r"\b(?:revoke|withdraw|take back) (?:my |all )?consent\b",
    (
        r"\bcancel (?:the |these |all |my |your |text |sms )*(?:texts?|messages?|sms|alerts?|text(?:ing)?"
        r" subscription)\b"
    ),
    r"\bblock(?:ing)? (?:you|this number) if\b",
)
SPANISH = (
    r"\b(?:deja|deje|dejen|dejad|para|pare|paren) de (?:enviar|mandar|escribir|molestar|contactar|llamar)",
    r"\bno (?:me|nos) (?:envi|mand|escrib|contact|molest)\w+ (?:\w+ ){0,2}(?:mas|mensajes?|textos?|sms)\b",
    r"\bno (?:me|nos) (?:escriba|contacte|moleste)[sn]?\b",
    r"\bno (?:quiero|deseo|queremos) (?:\w+ ){0,2}(?:mensajes?|textos?|sms)\b",
    r"\b(?:quit|borr|elimin|sac|retir)\w{0,8} de (?:la|su|tu|esta|vuestra) lista\b",
    r"\bno mas (?:mensajes?|textos?|sms)\b",
    r"\b(?:dar|darme|deme|denme|dame|de|den) de baja\b",
)
FRENCH = (
    r"\b(?:arret|cess)\w* (?:de |d')(?:m'|me |nous )?(?:envoy|ecri|text|contact|harcel|messag|derang)",
    r"\bne (?:m'|me |nous )(?:\w+ ){0,1}(?:envoy|ecri|contact|text|recontact|derang)\w* plus\b",
    (
        r"\bne (?:plus|veux plus|souhaite plus) (?:me |m'|etre |recevoir |que )?(?:\w+ ){0,2}(?:contact"
        r"|messag|sms|texto|envoy)"
    ),
    r"\b(?:retir|enlev|supprim|effac)\w*[ -]moi de (?:la|votre|ta|cette|vos) listes?\b",
    r"\b(?:retir|enlev|supprim|effac)\w* mon numero\b",
    r"\b(?:desabonn|desinscri)",
    r"\bplus de (?:messages?|sms|textos?)(?: svp| merci)?[.! ]*$",
)
GERMAN = (
    r"\bhor(?:t|en sie)? (?:\w+ ){0,2}auf,? (?:\w+ ){0,2}(?:schreib|sms|nachricht|kontakt|nerv|zu schreiben)",
    r"\bschreib(?:t|en sie)? (?:mir|uns) (?:\w+ ){0,2}(?:nicht|nie|nichts|keine)(?: mehr| wieder| weiteren)?\b",
    r"\b(?:schickt?|schicken sie|sendet?|senden sie) (?:mir|uns) (?:\w+ ){0,2}(?:keine|nichts)\b",
    r"\bkeine (?:weiteren |mehr )?(?:sms|nachrichten|textnachrichten|werbung)(?: mehr)?[.! ]*(?:bitte)?[.! ]*$",
    r"\bmochte (?:\w+ ){0,2}keine (?:\w+ )?(?:sms|nachrichten|texte)\b",
    (
        r"\b(?:nehmen sie|nimm|nehmt|streichen sie|streich|streicht) mich (?:\w+ ){0,2}(?:von|aus) (?:\w+"
        r" )?(?:liste|verteiler)\b"
    ),
    r"\blosch(?:en sie|e|t)? (?:\w+ ){0,1}meine (?:\w+)?nummer\b",
    r"\bkontaktier(?:e|t|en sie) (?:mich|uns) (?:\w+ ){0,2}nicht\b",
)
PORTUGUESE = (
    r"\b(?:pare|parem|para) de (?:me |nos )?(?:envi|mand|escrev|mensag|incomod|contat|contact)",
    r"\bnao (?:me |nos )?(?:envi|mand|escrev|contat|contact)\w+ (?:\w+ ){0,2}(?:mais|mensagens|sms)\b",
    r"\bnao (?:quero|desejo) (?:\w+ ){0,3}(?:mensagens?|sms|textos?)\b",
    (
        r"\b(?:tir|remov|retir|exclu|apag)\w{0,4}[ -]?(?:me )?(?:o meu numero )?d(?:a|essa|esta) (?:sua |tua "
        r"|vossa )?lista\b"
    ),
    r"\bchega de (?:mensagens|sms)\b",
)
ITALIAN = (
    r"\b(?:smett|basta|finit)\w* (?:di |con )(?:\w+ ){0,1}(?:scriv|mand|invi|contatt|messagg|sms)",
    r"\bnon (?:mi |ci )?(?:scriv|mand|invi|contatt)\w+ (?:\w+ ){0,2}piu\b",
    r"\bnon voglio (?:\w+ ){0,3}(?:messagg|sms)",
    r"\b(?:toglie|cancella|rimuove)\w{0,5} dall(?:a|e) (?:\w+ )?list",
)
DUTCH = (
    r"\bstop met (?:\w+ ){0,2}(?:sms|bericht|app|stuur|sturen|contact)",
    r"\b(?:stuur|stuurt) (?:mij|me|ons) (?:\w+ ){0,2}(?:geen|niets|niks)\b",
    r"\bgeen (?:sms|sms'jes|berichten|berichtjes) meer\b",
    r"\bhaal (?:mij|me|ons) (?:\w+ )?(?:van|uit) (?:\w+ )?(?:lijst|bestand)\b",
)
ANYWHERE = (*ENGLISH, *SPANISH, *FRENCH, *GERMAN, *PORTUGUESE, *ITALIAN, *DUTCH)

_PLEASE = r"(?:please |pls |plz |just |ok |okay |no |por favor |svp |s'il vous plait |bitte |per favore |alstublieft )*"
_AFTER = (
    r"(?: it| this| that| now| please| pls| plz| already| all| everything| thanks| thank you| por favor|"
    r" svp| merci| ca| tout| bitte| ya| per favore| immediately| asap)*"
)
SHORT = (
    rf"{_PLEASE}(?:stop|quit|unsubscribe|cancel|remove me|delete me|opt out){_AFTER}",
    rf"{_PLEASE}(?:basta|alto|baja|parar|pare|para|no mas|ya no|cancelar suscripcion){_AFTER}",
    rf"{_PLEASE}(?:arret|arrete|arretez|stopper|desabonner){_AFTER}",
    rf"{_PLEASE}(?:stopp|aufhoren|abmelden|abbestellen|schluss){_AFTER}",
    rf"{_PLEASE}(?:sair|chega|remover|descadastrar|basta|cancella|annulla|stoppen|afmelden|uitschrijven){_AFTER}",
    (
        r"(?:no,? )?(?:thanks,? |thank you,? )?(?:i am |i'm |im )?not interested(?: any ?more)?(?:,? thanks?|"
        r" thank you)?"
    ),
    r"(?:stop[ ?]*)+",
)
"""A whole text, without what stands around its words."""
