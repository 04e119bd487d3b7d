// Verifies one webhook with the library of the specification's authors. Reads {secret, headers,
// body} from the file that is named; exit 0 when the signature is good, 1 when it is not.
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

const { secret, headers, body } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
try {
  new Webhook(secret).verify(body, headers);
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
