// A pack: a bag (RFC 8493) that holds pages and the bundle that proves the events they cite.

const LISTING = 'pack.json', BUNDLE = 'data/bundle.zip', COPY = 'data/check.html';
async function openPack(outer, fault) {  // null for a bare bundle
  if (outer.has('manifest.json')) return null;
  const folder = [...outer.keys()].find(name => /^[^/]+\/pack\.json$/.test(name))?.slice(0, -LISTING.length)
    ?? fail('it is neither a pack nor a bundle');
  const files = new Map();
  for (const [name, bytes] of outer) {
    name.startsWith(folder) ? files.set(name.slice(folder.length), await bytes()) : fail(`its ${name} stands beside its folder`);
  }
  const read = name => files.get(name) ?? fail(`there is no ${name}`);
  const manifest = readManifest(read(LISTING)), listed = Object.entries(manifest.files);
  const sums = async names => (await Promise.all(names.sort().map(async name => `${hex(await sha256(read(name)))}  ${name}\n`))).join('');
  for (const [name, { sha256: digest }] of listed) {
    if (!files.has(name)) fault(name, 'it was taken out of the pack');
    else if (hex(await sha256(read(name))) !== digest) fault(name, 'it is not the file that the exporter signed for: it was changed');
  }
  const payload = listed.map(([name]) => name).filter(name => name.startsWith('data/') && files.has(name));
  const tags = ['allowed_signers', 'bag-info.txt', 'bagit.txt', 'manifest-sha256.txt', LISTING, `${LISTING}.sig`];
  const others = listed.map(([name]) => name).filter(name => !name.startsWith('data/') && files.has(name));
  for (const name of files.keys()) if (!manifest.files[name] && ![...tags, 'tagmanifest-sha256.txt'].includes(name)) fault(name, 'it is not listed: it was put in');
  const bag = { 'bagit.txt': 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n', 'manifest-sha256.txt': await sums(payload), 'tagmanifest-sha256.txt': await sums([...tags, ...others]) };
  for (const [name, text] of Object.entries(bag)) if (decode(read(name)) !== text) fault(name, 'it does not list the files that are here');
  return { manifest, files, read };
}
async function judgePack(pack, bundle, guard, fault) {
  const { manifest, files, read } = pack, figures = [], notes = [];
  await judgeExporter(manifest.exporter, bundle, read(LISTING), read(`${LISTING}.sig`), 'The pack’s manifest', guard);
  for (const name of ['origin', 'size', 'root']) if (manifest[name] !== bundle.manifest[name]) fault('The pack’s manifest', 'it is of another record or state than its bundle');
    for (const [name, bytes] of files) {
    if (!name.endsWith('.html')) continue;
    if (name === COPY) {
      if (same(OWN, bytes)) continue;
      if (manifest.version === VERSION) fault(name, 'it is not this page, byte for byte: it was changed, or forged');
      else notes.push(`Its ${name} is of release ${manifest.version}, or forged: do not use it.`);
      continue;
    }
    const page = new DOMParser().parseFromString(decode(bytes), 'text/html');
    if (page.querySelector('script, iframe, object, embed') || [...page.querySelectorAll('*')].some(one => [...one.attributes].some(({ name: said, value }) => said.startsWith('on') || /^\s*javascript:/i.test(value)))) {
      fault(name, 'it holds a script, so it can show what does not stand in it');
    }
    if (!/^default-src 'none'(;|$)/.test(page.querySelector('meta[http-equiv="Content-Security-Policy" i]')?.content ?? '')) fault(name, 'it does not forbid scripts');
    for (const cell of page.querySelectorAll('[data-figure]')) {
      const cited = (cell.dataset.events ?? '').split(' ').filter(Boolean), said = cell.textContent.trim();
      const missing = cited.filter(id => !bundle.byId.has(id)).length;
      if (!cited.length) fault(name, `the figure ${said} cites nothing`);
      if (missing) fault(name, `the figure ${said} cites ${missing} events that are not here`);
      figures.push({ name, said, of: cell.parentElement.cells?.[0]?.textContent.trim() ?? '', cited: cited.map(id => bundle.byId.get(id)).filter(Boolean) });
    }
  }
  return { figures, notes };
}

async function checkPack(archive, cardText, tell = () => {}) {
  const faults = [], fault = (where, what) => { faults.push(`${where}: ${what}`); };
  const guard = async (where, step) => {
    try { return await step(); } catch (error) { if (!(error instanceof Fault)) throw error; fault(where, error.message); }
  };
  const card = cardText.trim() ? readCard(cardText) : null;
  if (card && (await readLogKey(card.logKey)).name !== card.origin) fail('the trust card’s log key is not named by its origin');
  const outer = await unzip(archive), pack = await openPack(outer, fault);
  const bundle = await checkBundle(pack ? await unzip(pack.read(BUNDLE)) : outer, card, guard, fault, tell);
  const { figures, notes } = pack ? await judgePack(pack, bundle, guard, fault) : { figures: [], notes: [] };
  return { ...bundle, faults, card, figures, notes, isPack: Boolean(pack), native, sha256: hex(await sha256(archive)) };
}
