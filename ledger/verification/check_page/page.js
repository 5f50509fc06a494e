// The page: a file chosen or dropped, a card pasted, and what was found in sentences.

// Its own bytes, as the parser has them when it comes to this script: page.html is written so.
const OWN = encode(`<!doctype html>\n${document.documentElement.outerHTML.replace(/<\/body><\/html>$/, '\n</body>\n</html>\n')}`);

const element = id => document.getElementById(id);
const make = (tag, text, ...children) => {
  const made = document.createElement(tag);
  if (text) made.textContent = text;  // never as HTML: a pack's words are only words
  made.append(...children);
  return made;
};
const list = items => make('ul', '', ...items.map(item => (item instanceof Node ? make('li', '', item) : make('li', item))));
const many = (n, noun) => `${n.toLocaleString('en-GB')} ${noun}${n === 1 ? '' : 's'}`;
const MOST = 50;
const NOT_JUDGED = [
  'Whether each signer held the office they signed in, whether others vouched for their keys, and whether the rules were kept. Whoever runs the ledger could have let in a statement by the wrong person; school-ledger verify finds that, and works the figures out anew.',
  'Whether what was signed is true. It shows who said it, and that it was not changed since.',
  'Whether the record goes on from one that you were shown before.',
  'Itself. A forged checker can say anything: use one that you fetched from where the software is published, and compare its SHA-256 there (certutil -hashfile check.html SHA256, or shasum -a 256 check.html).',
];
function faulty({ faults, isPack }) {
  const what = isPack ? 'pack' : 'bundle', does = faults.length === 1 ? 'does' : 'do';
  const out = [make('h2', `Do not rely on this ${what}: ${many(faults.length, 'thing')} in it ${does} not hold.`), list(faults.slice(0, MOST))];
  if (faults.length > MOST) out.push(make('p', `And ${faults.length - MOST} more.`));
  return [...out, make('p', 'Keep the file as it is, and ask whoever sent it for an explanation.')];
}
function agreeing({ card, isPack }) {
  return card ? [] : [
    make('h2', `This ${isPack ? 'pack' : 'bundle'} agrees with itself. Whose record it is, is not shown.`),
    make('p', 'Anybody can invent a ledger that agrees with itself. Paste the trust card that the authority gave you, and check again.'),
  ];
}
function holding({ card, rows, isWhole, manifest, figures }) {
  const here = isWhole ? `all ${many(rows, 'statement')} of the record up to its checkpoint` : `${many(rows, 'statement')} of the ${manifest.size.toLocaleString('en-GB')} in the record`;
  const complete = isWhole ? 'None is missing, and none was put in.' : 'Each stands in the record; that nothing else belongs to what was chosen is the word of the exporter.';
  const { exporter, exported_at: day } = manifest;
  return [
    make('h2', `The statements here are as they were signed, and they are of the record ${card.origin} that your trust card names.`),
    make('p', `Here ${rows === 1 ? 'is' : 'are'} ${here}, each signed with a key that the record says was its signer’s. ${complete}`),
    make('p', `It was put together and signed by ${exporter.office} (${exporter.person}) on ${day.slice(0, 10)}${figures.length ? ', who answers for its pages and figures' : ''}.`),
  ];
}
const told = ({ said, index }) => `Entry ${index + 1}, ${said.occurredon}: ${said.type}, signed by ${said.office} (${said.signedby})`;
function verdict(found, name) {
  const { faults, figures, doubtful, notes, texts } = found;
  const out = faults.length ? faulty(found) : found.card ? holding(found) : agreeing(found);
  if (figures.length && !faults.length) out.push(make('p', `${many(figures.length, 'figure')} in its pages ${figures.length === 1 ? 'cites' : 'cite'} statements that are here. Whether a figure follows from them, this page did not work out: open a figure below to see what it cites.`));
  if (doubtful.length) out.push(make('p', `${many(doubtful.length, 'statement')} signed with a key that was reported as compromised: entries ${doubtful.slice(0, 20).join(', ')}${doubtful.length > 20 ? ' and more' : ''}.`));
  if (texts.withheld + texts.erased) out.push(make('p', `Sealed text: ${texts.shown} shown, as sealed; ${texts.withheld} withheld; ${texts.erased} erased.`));
  out.push(...notes.map(note => make('p', note)));
  out.push(make('h3', 'What this page did not judge'), list(NOT_JUDGED));
  for (const { name: page, of, said, cited } of figures) {
    out.push(make('details', '', make('summary', `${of}: ${said} (${page}, ${many(cited.length, 'statement')})`), list(cited.map(told))));
  }
  const when = new Date().toISOString().slice(0, 16).replace('T', ' at ');
  out.push(make('p', `${name}, SHA-256 ${found.sha256}, checked on ${when} UTC by check.html ${VERSION}${found.native ? '' : ', without help from this browser’s own Ed25519'}.`));
  return out;
}
let current = null;
async function run() {
  if (!current) {
    element('status').textContent = 'Choose the pack first.';
    return element('file').focus();
  }
  const button = element('go'), bar = element('bar'), result = element('result'), status = element('status');
  button.disabled = true;
  bar.hidden = false;
  result.replaceChildren();
  try {
    const found = await checkPack(new Uint8Array(await current.arrayBuffer()), element('card').value, (what, done, of) => {
      if (status.textContent !== what) status.textContent = what;
      if (of) Object.assign(bar, { max: of, value: done });
      else bar.removeAttribute('value');
    });
    result.append(...verdict(found, current.name));
  } catch (error) {
    const what = error instanceof Fault ? error.message : `it is malformed (${error.message})`;
    result.append(make('h2', 'This could not be checked, so do not rely on it.'), make('p', `${current.name}: ${what}.`));
  }
  status.textContent = '';
  bar.hidden = true;
  button.disabled = false;
  const heading = result.querySelector('h2');
  heading.tabIndex = -1;
  heading.focus();
}
function choose(file) {
  current = file ?? current;
  element('chosen').textContent = current ? `Chosen: ${current.name}, ${current.size.toLocaleString('en-GB')} bytes.` : '';
  element('result').replaceChildren();
}
element('file').addEventListener('change', event => choose(event.target.files[0]));
addEventListener('dragover', event => event.preventDefault());
addEventListener('drop', event => { event.preventDefault(); choose(event.dataTransfer.files[0]); });
element('go').addEventListener('click', run);
const able = Boolean(globalThis.crypto?.subtle && globalThis.DecompressionStream);
element('missing').hidden = able;
element('form').hidden = !able;
