// What an entry says, in a line: whoever looks at what waits has to tell one entry from another.
const fieldCards = (() => {
  const {words, say, money, minor, day} = fieldParts;
  const MOST_LINES = 3;

  const amount = (text) => { const plain = minor(text ?? ""); return plain === null ? text : money(plain); };
  const goods = (products) => ({lines}) => [...lines.slice(0, MOST_LINES).map(({sku, quantity, pieces, unit}) => {
    const one = products.find(([code]) => code === sku);
    return `${quantity ?? pieces} ${unit ?? one?.[2] ?? ""} ${one?.[1] ?? sku}`;
  }), lines.length > MOST_LINES ? `+${lines.length - MOST_LINES}` : ""];
  const SAID = {
    collected: ({fields}) => [amount(fields.amount), words.modes[fields.mode], fields.reference],
    complained: ({due}) => [say("due", {day: day(due)})],
    ordered: ({delivery_date: wanted}) => [wanted ? say("wanted_for", {day: day(wanted)}) : ""],
    leave: (entry) => [day(entry.day), entry.why],
    outlet_added: ({fields}) => [fields.name, fields.phone],
    outlet_changed: ({changes}) => Object.entries(changes).map(([name, {wanted}]) => `${words.customer[name] ?? name}: ${wanted}`),
    price_seen: ({price}) => [money(price)],
    task_done: ({why}) => [why],
    visit_ended: ({outcome, why}) => [words.outcomes[outcome], why],
    visit_missed: ({reason}) => [words.missed[reason]],
  };
  const said = (page, entry) => [
    ...(SAID[entry.kind]?.(entry) ?? []),
    ...(["ordered", "stock_seen", "goods_back"].includes(entry.kind) ? goods(page.products())(entry) : []),
    words.conditions[entry.condition],
  ].filter(Boolean).join(" · ");

  return {said};
})();
