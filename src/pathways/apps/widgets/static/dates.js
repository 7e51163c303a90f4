// Dates as people in the United States type them: 3/4/2026 is March 4. What was typed is shown back as 2026-03-04, with the month
// as a word beside it; what is no date stays as it is, and the engine marks it. Needs form.js before it.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WHOLE_DAY = /^\d{4}-\d{2}-\d{2}$/;

// The date in a text: {iso, words}, or null where it is none. Without a day ("3/2026", "Mar 2026") only where `part` allows it.
function readDate(text, part = false, now = new Date().getFullYear()) {
  const said = text.trim().toLowerCase().replace(/(\d)(st|nd|rd|th)\b/g, "$1");
  const month = (name) => MONTHS.findIndex((one) => name.length > 2 && one.toLowerCase().startsWith(name)) + 1;
  const full = (year) => (year.length > 2 ? Number(year) : 2000 + Number(year) > now + 1 ? 1900 + Number(year) : 2000 + Number(year));
  let m;
  if ((m = /^(\d{4})[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?$/.exec(said))) return dateOf(m[1], m[2], m[3], part);
  if ((m = /^(\d{4})(\d{2})(\d{2})$/.exec(said))) return dateOf(m[1], m[2], m[3], part);
  if ((m = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(said))) {
    const [first, second] = [Number(m[1]), Number(m[2])];
    return first > 12 ? dateOf(full(m[3]), second, first, part) : dateOf(full(m[3]), first, second, part, first !== second && second <= 12);
  }
  if ((m = /^(\d{1,2})[-/.](\d{4})$/.exec(said))) return dateOf(m[2], m[1], undefined, part);
  if ((m = /^([a-z]+)\.? (\d{1,2})(?:,| |, )(\d{4}|\d{2})$/.exec(said))) return dateOf(full(m[3]), month(m[1]), m[2], part);
  if ((m = /^(\d{1,2})[- ]([a-z]+)\.?[-, ]+(\d{4}|\d{2})$/.exec(said))) return dateOf(full(m[3]), month(m[2]), m[1], part);
  if ((m = /^([a-z]+)\.?,? (\d{4})$/.exec(said))) return dateOf(m[2], month(m[1]), undefined, part);
  return null;
}

function dateOf(year, month, day, part, chosen = false) {
  const [y, m, d] = [Number(year), Number(month), day === undefined ? undefined : Number(day)];
  if (m < 1 || m > 12 || (d === undefined && !part)) return null;
  const two = (n) => String(n).padStart(2, "0");
  if (d === undefined) return { iso: `${y}-${two(m)}`, words: `${MONTHS[m - 1]} ${y}` };
  if (d < 1 || d > new Date(Date.UTC(y, m, 0)).getUTCDate()) return null;
  return { iso: `${y}-${two(m)}-${two(d)}`, words: `${MONTHS[m - 1]} ${d}, ${y}${chosen ? ": month first" : ""}` };
}

// A field for a date, with what was understood beside it where something else was typed.
function dated(form, title, { part = false, className = "", ...props }, get, set) {
  const words = h("span", { className: "cc-dated", role: "status" });
  const input = h("input", { type: "text", autocomplete: "off", size: 10, maxLength: 24, placeholder: part ? "2026-03" : "2026-03-14", ...props });
  let said = null;
  const take = () => {
    const text = input.value.trim();
    const found = readDate(text, part);
    said = found && found.iso !== text ? found : null;
    if (found) input.value = found.iso;
    const value = found?.iso ?? (text || undefined);
    if (value !== (get() || undefined)) set(value);
    tell();
  };
  const tell = () => {
    const told = said && said.iso === get() ? said.words : "";
    if (words.textContent !== told) words.textContent = told;
  };
  input.addEventListener("change", take);
  // While someone types, only a whole date counts: 3/4/20 is on its way to 3/4/2026.
  input.addEventListener("input", () => form.soon(() => WHOLE_DAY.test(input.value.trim()) && take()));
  form.live(input, () => {
    show(input, get());
    tell();
  });
  const box = field(title, input, `cc-date ${className}`.trim());
  box.append(words);
  return box;
}
