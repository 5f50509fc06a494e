// A bundle: each statement, who signed it with which key, the tree, the texts and every file.

const at = row => `Entry ${row.index + 1}`;
const sorted = value => (Array.isArray(value) || typeof value !== 'object' || value === null ? value
  : Object.fromEntries(Object.keys(value).sort().map(name => [name, sorted(value[name])])));
function readManifest(bytes) {  // as it is written: a member twice would read as one
  const text = decode(bytes), manifest = JSON.parse(text);
  if (`${JSON.stringify(sorted(manifest), null, 2)}\n` !== text) fail('its manifest is not as it is written');
  if (manifest.format !== 1) fail('it is of another format than 1: use the check.html of its release');
  return manifest;
}
function readRows(data, isWhole) {
  const rows = [];
  for (let start = 0, end; start < data.length; start = end + 1) {
    end = data.indexOf(10, start);
    if (end < 0) fail('its entries were cut short');
    const line = data.subarray(start, end);
    const numbered = /^(0|[1-9]\d{0,14})\t/.exec(ascii(line.subarray(0, 17)));
    if (!isWhole && !numbered) fail('a line of its entries is malformed');
    const index = isWhole ? rows.length : Number(numbered[1]);
    if (index <= (rows.at(-1)?.index ?? -1)) fail('its entries are out of order');
    rows.push({ index, line: isWhole ? line : line.subarray(numbered[0].length) });
  }
  return rows;
}
async function readSigned(row) {
  Object.assign(row, readEntry(row.line));
  try {
    row.key = await signer(unbase64(row.signature), 'statement@school-ledger', row.bytes);
  } catch (error) {
    throw error instanceof Fault ? new Fault(`the signature does not count: ${error.message}`) : error;
  }
}
const isRetired = ({ person, retirements }, registrars) => {  // by its holder, or a registrar's by two others
  const others = new Set();
  return retirements.some(({ by, index }) => {
    others.add(by);
    return by === person || !(registrars.get(person) < index) || others.size > 1;
  });
};

// Who holds which key as the record says it, entry by entry, and whose statements do not fit that.
async function followKeys(rows, card, guard, fault) {
  const keys = new Map(), registrars = new Map(), byId = new Map(), erased = new Set(), doubtful = [], logKeys = [];
  let effective = '';
  const enrol = (row, { person, key, public_key: line, proof }) => guard(at(row), async () => {
    const [type, encoded, more] = line.split(' '), { point, type: real } = publicKey(unbase64(encoded));
    if (more !== undefined || real !== type || await fingerprint(point) !== key || keys.has(key)) fail('the key that it enrols is not as it says');
    const said = encode(`school-ledger key v1\n${row.said.source}\n${person}\n${line}\n`);
    if (await signer(unbase64(proof), 'key@school-ledger', said) !== key) fail('nobody proved to hold the key that it enrols');
    keys.set(key, { person, retirements: [] });
  });
  const tell = {
    KeyEnrolled: (row, data) => enrol(row, data),
    KeyRetired: (row, data) => keys.get(data.key)?.retirements.push({ by: row.said.signedby, index: row.index }),
    KeyCompromised: (_, data) => {
      const known = keys.get(data.key);
      if (known) known.since = known.since < data.since ? known.since : data.since;
    },
    Appointed: (row, data) => data.office === 'registrar@ledger' && !registrars.has(data.person) && registrars.set(data.person, row.index),
    LogKeyChanged: (row, data) => {
      if (data.former !== logKeys.at(-1)?.key) fault(at(row), 'it changes a log key that was not in use');
      logKeys.push({ key: data.log_key, first: row.index + 1 });
    },
    DetailErased: (_, data) => erased.add(`${data.event.replace('event:', '')}\t${data.pointer}`),
  };
  for (const row of rows.filter(row => row.said)) {
    const { said, index } = row, type = said.type.split('.')[0];
    effective = row.recorded > effective ? row.recorded : effective;
    if ((type === 'LedgerFounded') !== (index === 0)) fault(at(row), 'only the first entry founds the ledger');
    if (index === 0) {
      logKeys.push({ key: said.data.log_key, first: 0 });
      for (const registrar of said.data.registrars) {
        await enrol(row, registrar);
        registrars.set(registrar.person, 0);
      }
    }
    const holder = keys.get(row.key);
    if (row.key && holder?.person !== said.signedby) fault(at(row), 'it is signed with a key that is not its signer’s');
    if (holder && isRetired(holder, registrars)) fault(at(row), 'it is signed with a key that was retired before');
    if (holder?.since <= effective) doubtful.push(index + 1);
    if (said.source !== (card ?? rows[0].said)?.origin && said.source !== rows[0].said?.source) fault(at(row), 'it is of another ledger');
    if (byId.has(said.id)) fault(at(row), 'its event is there twice');
    byId.set(said.id, row);
    await tell[type]?.(row, said.data);
  }
  return { keys, registrars, byId, erased, doubtful, logKeys };
}

async function judgeTree(rows, leaves, note, checkpoint, isWhole, read, guard, fault, tell) {
  if (!isWhole) {
    return inTurns(rows, (row, n) => guard(at(row), async () => {
      const proof = decode(await read(`proofs/${row.index}.tlog-proof`));
      if (proof.slice(proof.indexOf('\n\n') + 2) !== note) fail('its proof is of another checkpoint');
      if (!same(await rootByProof(proof, row.index, checkpoint.size, leaves[n]), checkpoint.root)) fail('its proof does not lead to what the log signed');
    }), (done, of) => tell('Following the proofs', done, of));
  }
  const rootOf = await treeOf(leaves, (done, of) => tell('Computing the tree', done, of)), heads = new Map();
  if (checkpoint.size !== rows.length) fault('The record', `the log signed for ${checkpoint.size} entries, and ${rows.length} are here`);
  else if (!same(await rootOf(rows.length), checkpoint.root)) fault('The record', 'it is not the one that the log signed');
  for (const row of rows.filter(row => row.said)) {
    const [size, root] = row.said.seen.split(':');
    if (Number(size) > row.index || (row.index > 0 && size === '0')) fault(at(row), 'its signer saw what was not there yet');
    else if (!heads.has(row.said.seen)) heads.set(row.said.seen, [Number(size), root, row]);
  }
  return inTurns([...heads.values()], async ([size, root, row]) => {
    if (base64(await rootOf(size)) !== root) fault(at(row), 'its signer saw another history than this one');
  }, (done, of) => tell('Comparing what each signer saw', done, of));
}

async function judgeTexts(rows, erased, read, fault) {
  const lines = async name => decode(await read(name)).split('\n').slice(0, -1), texts = { shown: 0, withheld: 0, erased: 0 };
  const withheldLines = await lines('withheld.tsv'), disclosed = new Map(), withheld = new Set(withheldLines);
  for (const line of await lines('disclosures.jsonl')) {
    const { event, pointer, salt, value } = JSON.parse(line);
    if (JSON.stringify({ event, pointer, salt, value }) !== line || /\p{Surrogate}/u.test(value)) fail('a text in it is malformed');
    if (disclosed.has(`${event}\t${pointer}`)) fail('it tells a text twice');
    disclosed.set(`${event}\t${pointer}`, { salt, value });
  }
  if (withheld.size !== withheldLines.length) fail('it withholds a text twice');
  const isSealed = async (id, pointer, { salt, value }, commitment) => {
    const raw = unbase64(`${salt.replaceAll('-', '+').replaceAll('_', '/')}=`);
    const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const mac = await crypto.subtle.sign('HMAC', key, encode(`${id}\0${pointer}\0${value}`));
    return raw.length === 32 && urlSafe(base64(new Uint8Array(mac))) === commitment;
  };
  let found = 0;
  await inTurns(rows.filter(row => row.said), row => Promise.all(row.said.sealed.map(async ([pointer, commitment]) => {
    const name = `${row.said.id}\t${pointer}`, one = disclosed.get(name);
    if (one && withheld.has(name)) fault(at(row), `the text at ${pointer} is shown, and listed as withheld`);
    if (one || withheld.has(name)) found++;
    if (one) await isSealed(row.said.id, pointer, one, commitment) ? texts.shown++ : fault(at(row), `the text at ${pointer} is not the one that was sealed`);
    else if (withheld.has(name)) texts.withheld++;
    else erased.has(name) ? texts.erased++ : fault(at(row), `the text at ${pointer} is missing, and not listed as withheld`);
  })));
  if (found !== disclosed.size + withheld.size) fault('The texts', 'one is told or withheld that no statement here seals');
  return texts;
}

async function judgeFiles(files, manifest, rows, read, guard) {
  const own = new Set(['manifest.json', 'manifest.json.sig', 'SHA256SUMS']), byIndex = new Map(rows.map(row => [row.index, row]));
  const listed = new Map(Object.entries(manifest.files)), names = [...new Set([...files.keys(), ...listed.keys()])];
  await inTurns(names.filter(name => !own.has(name)), name => guard(name, async () => {
    if (!listed.has(name)) fail('it is not listed in the manifest: it was put in');
    const bytes = await read(name), [, n, isSignature] = /^signed\/(\d+)\.json(\.sig)?$/.exec(name) ?? [];
    if (hex(await sha256(bytes)) !== listed.get(name)) fail('it is not the file that the manifest lists: it was changed');
    const row = n && byIndex.get(n - 1);
    if (n && !(row?.bytes && (isSignature ? base64(unarmor(decode(bytes))) === row.signature : same(bytes, row.bytes)))) fail('it is not what the entry holds');
  }));
  await guard('SHA256SUMS', async () => {
    const all = [...files.keys()].filter(name => name !== 'SHA256SUMS').sort();
    const sums = await inTurns(all, async name => `${hex(await sha256(await read(name)))}  ${name}\n`);
    if (sums.join('') !== decode(await read('SHA256SUMS'))) fail('it does not list the files that are here');
  });
}

async function judgeExporter(exporter, { keys, registrars }, bytes, armored, where, guard) {
  await guard(where, async () => {
    const key = await signer(unarmor(decode(armored)), 'manifest@school-ledger', bytes), holder = keys.get(key);
    if (key !== exporter.key || holder?.person !== exporter.person) fail('it is not signed by the exporter that it names');
    if (isRetired(holder, registrars)) fail('it is signed with a key that was retired');
    if (holder.since) fail('it is signed with a key that was reported as compromised');
  });
}

async function checkBundle(files, card, guard, fault, tell) {
  const read = async name => (await files.get(name)?.()) ?? fail(`there is no ${name}`);
  tell('Reading the statements');
  const manifestBytes = await read('manifest.json'), manifest = readManifest(manifestBytes), isWhole = manifest.kind === 'whole';
  const rows = readRows(await read(isWhole ? 'entries.jsonl' : 'entries.tsv'), isWhole);
  await inTurns(rows, row => guard(at(row), () => readSigned(row)), (done, of) => tell('Checking the signatures', done, of));
  const said = await followKeys(rows, card, guard, fault);
  const note = decode(await read('checkpoint')), size = manifest.size;
  const terms = said.logKeys.map((term, n) => ({ ...term, last: said.logKeys[n + 1]?.first ?? Infinity }));
  if (card && (terms[0]?.key !== card.logKey || rows[0]?.said?.source !== card.origin)) fault('The trust card', 'it is of another ledger');
  const checkpoint = await guard('The checkpoint', async () => {
    const inTerm = terms.filter(({ first, last }) => first <= size && size <= last);
    for (const { key } of inTerm.slice(1)) {
      const opened = await openCheckpoint(note, key).catch(error => (error instanceof Fault ? null : Promise.reject(error)));
      if (opened) return opened;
    }
    return openCheckpoint(note, inTerm[0]?.key ?? fail('the record names no log key for it'));
  });
  const leaves = await inTurns(rows, row => leafHash(row.line));
  if (rows[0]?.index !== 0) fault('The record', 'its first entry is not here');
  if (card && hex(leaves[0] ?? []) !== card.leaf) fault('The trust card', 'it names another first entry: this is not the record that it vouches for');
  if (checkpoint) {
    const { origin, root } = checkpoint;
    if (origin !== rows[0]?.said?.source || manifest.origin !== origin || size !== checkpoint.size || manifest.root !== base64(root)) fault('The checkpoint', 'it is of another record or state than the manifest says');
    await judgeTree(rows, leaves, note, checkpoint, isWhole, read, guard, fault, tell);
  }
  tell('Comparing texts and files');
  const texts = await judgeTexts(rows, said.erased, read, fault);
  const { entries, disclosures, withheld, proofs } = manifest.counts;
  if (entries !== rows.length || disclosures !== texts.shown || withheld !== texts.withheld || proofs !== (isWhole ? 0 : rows.length)) fault('The manifest', 'it counts otherwise than is here');
  await judgeFiles(files, manifest, rows, read, guard);
  await judgeExporter(manifest.exporter, said, manifestBytes, await read('manifest.json.sig'), 'The manifest', guard);
  return { ...said, manifest, isWhole, rows: rows.length, texts };
}
