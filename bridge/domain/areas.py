"""States of the US and provinces of Canada, and their area codes, as libphonenumber has them: a test compares."""

from collections.abc import Mapping
from types import MappingProxyType

_ALL: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CA-AB": ("Alberta", "368 403 587 780 825"),
        "CA-BC": ("British Columbia", "236 250 257 604 672 778"),
        "CA-MB": ("Manitoba", "204 431 584"),
        "CA-NB": ("New Brunswick", "428 506"),
        "CA-NL": ("Newfoundland and Labrador", "709 879"),
        "CA-NS": ("Nova Scotia", "782 902"),
        "CA-NT": ("Northwest Territories", "867"),
        "CA-NU": ("Nunavut", "867"),
        "CA-ON": ("Ontario", "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942"),
        "CA-PE": ("Prince Edward Island", "782 902"),
        "CA-QC": ("Quebec", "263 273 354 367 418 438 450 468 514 579 581 819 873"),
        "CA-SK": ("Saskatchewan", "306 474 639"),
        "CA-YT": ("Yukon", "867"),
        "US-AK": ("Alaska", "907"),
        "US-AL": ("Alabama", "205 251 256 334 659 938"),
        "US-AR": ("Arkansas", "327 479 501 870"),
        "US-AZ": ("Arizona", "480 520 602 623 928"),
        "US-CA": (
            "California",
            (
                "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 "
                "714 738 747 760 805 818 820 831 840 858 909 916 925 949 951"
            ),
        ),
        "US-CO": ("Colorado", "303 719 720 748 970 983"),
        "US-CT": ("Connecticut", "203 475 860 959"),
        "US-DC": ("District of Columbia", "202 771"),
        "US-DE": ("Delaware", "302"),
        "US-FL": (
            "Florida",
            "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
        ),
        "US-GA": ("Georgia", "229 404 470 478 678 706 762 770 912 943"),
        "US-HI": ("Hawaii", "808"),
        "US-IA": ("Iowa", "319 515 563 641 712"),
        "US-ID": ("Idaho", "208 986"),
        "US-IL": ("Illinois", "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872"),
        "US-IN": ("Indiana", "219 260 317 463 574 765 812 930"),
        "US-KS": ("Kansas", "316 620 785 913"),
        "US-KY": ("Kentucky", "270 364 502 606 859"),
        "US-LA": ("Louisiana", "225 318 337 504 985"),
        "US-MA": ("Massachusetts", "339 351 413 508 617 774 781 857 978"),
        "US-MD": ("Maryland", "227 240 301 410 443 667"),
        "US-ME": ("Maine", "207"),
        "US-MI": ("Michigan", "231 248 269 313 517 586 616 734 810 906 947 989"),
        "US-MN": ("Minnesota", "218 320 507 612 651 763 952"),
        "US-MO": ("Missouri", "235 314 417 557 573 636 660 816 975"),
        "US-MS": ("Mississippi", "228 601 662 769"),
        "US-MT": ("Montana", "406"),
        "US-NC": ("North Carolina", "252 336 472 704 743 828 910 919 980 984"),
        "US-ND": ("North Dakota", "701"),
        "US-NE": ("Nebraska", "308 402 531"),
        "US-NH": ("New Hampshire", "603"),
        "US-NJ": ("New Jersey", "201 551 609 640 732 848 856 862 908 973"),
        "US-NM": ("New Mexico", "505 575"),
        "US-NV": ("Nevada", "702 725 775"),
        "US-NY": ("New York", "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934"),
        "US-OH": ("Ohio", "216 220 234 283 326 330 380 419 440 513 567 614 740 937"),
        "US-OK": ("Oklahoma", "405 539 572 580 918"),
        "US-OR": ("Oregon", "458 503 541 971"),
        "US-PA": ("Pennsylvania", "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878"),
        "US-RI": ("Rhode Island", "401"),
        "US-SC": ("South Carolina", "803 821 839 843 854 864"),
        "US-SD": ("South Dakota", "605"),
        "US-TN": ("Tennessee", "423 615 629 731 865 901 931"),
        "US-TX": (
            "Texas",
            (
                "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 "
                "945 956 972 979"
            ),
        ),
        "US-UT": ("Utah", "385 435 801"),
        "US-VA": ("Virginia", "276 434 540 571 686 703 757 804 826 948"),
        "US-VT": ("Vermont", "802"),
        "US-WA": ("Washington", "206 253 360 425 509 564"),
        "US-WI": ("Wisconsin", "262 274 353 414 534 608 715 920"),
        "US-WV": ("West Virginia", "304 681"),
        "US-WY": ("Wyoming", "307"),
    }
)
PARTS: Mapping[str, str] = MappingProxyType({code: name for code, (name, _) in _ALL.items()})
"""English names by code (ISO 3166-2)."""
AREAS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        area: tuple(code for code, (_, own) in _ALL.items() if area in own.split())
        for _, every in _ALL.values()
        for area in every.split()
    }
)
"""Codes by area code; a few areas are several provinces'."""
