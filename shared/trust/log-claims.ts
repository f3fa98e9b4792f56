import type { Claim } from './claim.ts'

/** What is claimed about the audit log. */
export const LOG_CLAIMS: Claim[] = [
  {
    id: 'no-write-without-entry',
    sentence: 'No change is made without an entry: the database refuses it.',
    how: 'A change and its entry are one batch. Triggers on every table refuse a write while no entry of that workspace is open, and an entry that does not close takes its batch with it. Noted outside are effects that wait, deliveries, last uses and findings.',
    proofs: [
      {
        file: 'test/workspace/gates.test.ts',
        test: 'every table stands behind the gates, or on the list of those that do not, with a reason',
      },
      { file: 'test/workspace/gates.test.ts', test: 'the gate of monitor > refuses every write that has no entry' },
    ],
  },
  {
    id: 'append-only',
    sentence: 'An entry is never changed, replaced or taken out.',
    how: 'The database refuses it; whoever may change its triggers can get around that, and what finds it stands under “Who can forge what”. Old texts are pruned and people erased only inside an entry that says so; the hashes stay.',
    proofs: [
      {
        file: 'test/workspace/append-only.test.ts',
        test: 'what stands in audit_log > is never changed and never deleted',
      },
      {
        file: 'test/workspace/append-only.test.ts',
        test: 'what stands in audit_body > is never replaced by an insert',
      },
    ],
  },
  {
    id: 'one-writer',
    sentence:
      'One object a workspace writes its log: entries have no gap, however many come at once and whatever is killed.',
    how: 'Changes wait in a queue inside that object. In the test a machine is killed fifteen times under six writers: what was acknowledged is there, once.',
    proofs: [
      {
        file: 'test/workspace/parallel.test.ts',
        test: 'fifty parallel changes of one workspace are fifty entries without a gap',
      },
      {
        file: 'test/e2e/kill.test.ts',
        test: 'a machine on which Candor is killed fifteen times while six clients write > has one entry for each monitor, without a gap, and was never taken for tampered with',
      },
    ],
  },
  {
    id: 'tampering-stops',
    sentence: 'A log whose end was cut, replaced or added to takes no change any more, and says so on every page.',
    how: 'The object keeps its own copy of the log’s head and compares it at each change; every day it reads the log from the first entry on.',
    proofs: [
      {
        file: 'test/workspace/tampered.test.ts',
        test: 'no change is made any more on a log > whose last entry was cut off',
      },
      {
        file: 'test/audit/finding.test.ts',
        test: 'a finding of the night > is said on every page of the dashboard, with the way to the verification',
      },
    ],
  },
  {
    id: 'offline',
    sentence: 'An export can be verified offline, and a single flipped bit is found.',
    how: 'The export has the hashed texts, the Merkle tree (RFC 6962) and a signed checkpoint. One command, without a dependency or a connection, says "sound" or names what was done.',
    proofs: [
      {
        file: 'test/node/verify.test.ts',
        test: 'npm run verify > says sound, how many entries were checked, and exits with 0',
      },
      {
        file: 'test/tlog/verify-export.test.ts',
        test: 'a thousand single bits flipped > are all found: none leaves a sound export',
      },
    ],
  },
  {
    id: 'receipts',
    sentence: 'Every entry has a receipt, and verifiers that others wrote accept it.',
    how: 'Checkpoints, receipts and tiles have the formats of C2SP. The tests hand checkpoints, receipts and exports to the verifier of Sigstore.',
    proofs: [
      {
        file: 'test/audit/proofs.test.ts',
        test: 'a receipt > of every entry leads to the root that is signed for it, by two verifiers',
      },
      {
        file: 'test/e2e/sigstore.test.ts',
        test: 'the verifier of Sigstore, handed the log of a running Candor > accepts the checkpoint and the receipt of every entry, with its text',
      },
      {
        file: 'test/e2e/sigstore.test.ts',
        test: 'the verifier of Sigstore, handed the log of a running Candor > accepts every entry of an export under its own checkpoint, and none that was altered',
      },
    ],
  },
  {
    id: 'witness',
    sentence:
      'A witness that we do not run can follow the log of all workspaces’ checkpoints, once the operator names one.',
    how: 'It signs each head that continues the one before, so that nobody can be shown another history. Without one, the log binds the operator as far back as you keep a checkpoint.',
    proofs: [
      {
        file: 'test/deployment-log/witness.test.ts',
        test: 'a witness > that has signed a larger log than there is has found a rollback, and that is logged',
      },
      {
        file: 'test/e2e/witness.test.ts',
        test: 'on one machine, a witness outside signs the deployment log within a minute of the first sign-in',
      },
    ],
  },
  {
    id: 'erasure',
    sentence: 'Somebody can be erased from a workspace’s log, and every proof still holds.',
    how: 'An entry has a salted commitment to name and addresses, never these themselves. They stand apart, and are deleted inside an entry that says so.',
    proofs: [
      {
        file: 'test/audit/erasure.test.ts',
        test: 'personal fields of somebody who did something > are in an export while they are kept, and nothing is left of them after they were erased',
      },
      {
        file: 'test/audit/erasure.test.ts',
        test: 'personal fields of somebody who did something > stand in no way of what was proved before: older exports and receipts hold',
      },
    ],
  },
]
