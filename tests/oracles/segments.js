// Makes segments.json; see README.md.
const { SegmentedMessage } = require("sms-segments-calculator");

let seed = 20261122;
function below(limit) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}

const gsm = [..."@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"];
const extension = [..."^{}\\[~]|€\f"];
const other = [..."çáíóúâêôãõ\t`“”‘’…–—•\u00a0ЖщあいÐ中文한"];
const emoji = [..."😀🔒📤🎉💤"];
const joined = ["👨‍👩‍👧", "👍🏽", "🇺🇸", "❤️", "1️⃣", "e\u0301"];

function text(alphabets, length) {
  let made = "";
  while (made.length < length) {
    const letters = alphabets[below(alphabets.length)];
    made += letters[below(letters.length)];
  }
  return made;
}

function row(made) {
  const message = new SegmentedMessage(made);
  const bits = message.encodingName === "GSM-7" ? 7 : 16;
  return [made, message.segmentsCount, message.encodingName, message.messageSize / bits];
}

const kinds = [[gsm], [gsm, gsm, gsm, extension], [extension], [gsm, other], [gsm, gsm, emoji], [gsm, extension, other, emoji]];
const edges = [0, 1, 69, 70, 71, 133, 134, 135, 152, 153, 159, 160, 161, 305, 306, 307, 459, 460];
const rows = [];
for (const kind of kinds) {
  for (const length of edges) rows.push(row(text(kind, length)));
  for (let i = 0; i < 90; i++) rows.push(row(text(kind, below(500))));
}
const together = [];
for (let i = 0; i < 100; i++) together.push(row(text([gsm, gsm, joined], below(400))));

const listed = (list) => "[\n" + list.map((one) => JSON.stringify(one)).join(",\n") + "\n]";
console.log(`{"rows": ${listed(rows)},\n"joined": ${listed(together)}}`);
