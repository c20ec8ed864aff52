// Writes ../slack.schema.json from Slack's published TypeScript types. Usage: npm install && npm run generate
import { writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const rename = (node, from, to) =>
  JSON.parse(JSON.stringify(node).replaceAll(`"#/definitions/${from}"`, `"#/definitions/${to}"`));

const differs = (known, now) => known !== undefined && JSON.stringify(known) !== JSON.stringify(now);

const definitions = {};

/** Adds one root type; a name that already means something else is kept apart under `<Root>_<name>`. */
function add(root) {
  // Slack adds fields to events at will, so only what must be there is judged; requests may hold nothing unknown.
  const additionalProperties = root === 'Events';
  const config = { path: 'types.ts', type: root, skipTypeCheck: true, jsDoc: 'none', encodeRefs: false, additionalProperties };
  let found = createGenerator(config).createSchema(root).definitions;
  // Setting one apart changes those that refer to it, so this goes on until nothing differs any more.
  for (let name; (name = Object.keys(found).find((key) => differs(definitions[key], found[key]))); ) {
    found = rename(found, name, `${root}_${name}`);
    found[`${root}_${name}`] = found[name];
    delete found[name];
  }
  Object.assign(definitions, found);
}

for (const root of ['Parts', 'Methods', 'Conversations', 'Reactions', 'Uploads', 'FileFacts', 'Events']) add(root);
writeFileSync('../slack.schema.json', `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', definitions })}\n`);
