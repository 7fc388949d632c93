// The views of notices, and of what waits for the person's word: orders, outlets, days of leave.
const fieldDeciding = (() => {
  const {say, make, labelled, button, lacks, day, dayAndClock} = fieldParts;

  const count = (page) => Object.values(page.deciding()).reduce((sum, rows) => sum + rows.length, page.beyond());
  // A word counts at the hub alone, and of what was shown: without a line nothing can be pressed.
  const writeAsOf = (page, node) => {
    node.className = page.line() ? "faint" : "wait";
    node.textContent = say(page.line() ? "target_as_of" : "decide_no_line", {at: dayAndClock(page.toldAt())});
    return node;
  };
  const asOf = (page) => writeAsOf(page, make("p", {role: "status", "data-as-of": true}));
  // The line comes and goes while somebody types a reason: the view stays, and says so. A word that is
  // on its way is not said again.
  const follow = (page) => {
    for (const node of document.querySelectorAll("[data-as-of]")) writeAsOf(page, node);
    for (const node of document.querySelectorAll("[data-needs-line]")) node.disabled = !page.line() || "busy" in node.dataset;
  };

  const send = async (page, path, said, shown) => {
    shown.textContent = say("sending");
    try {
      const answer = await fieldSync.ask("/field/decide/" + path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(said)});
      const told = await fieldSync.read(answer);
      await fieldSync.again();
      if (!answer.ok) { shown.textContent = told.text; return; }
      return page.goTelling("#/deciding", told.text || say("decide_done"));
    } catch (error) {
      if (!(error instanceof fieldSync.Stop)) throw error;
      shown.textContent = say("decide_unsure");
    }
  };
  const press = (page, label, work, kind = "") => {
    const made = button(label, work, kind);
    made.dataset.needsLine = "";
    made.disabled = !page.line();
    return made;
  };
  const facts = (rows) => make("dl", {}, rows.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  const reasonField = () => make("input", {maxlength: 500, autocomplete: "off"});

  const listView = (page) => {
    const {orders = [], outlets = [], leaves = []} = page.deciding();
    const card = (address, name, more, under) => make("a", {class: "card", href: address},
      make("div", {class: "side"}, make("strong", {}, name), make("span", {}, more)), make("p", {class: "faint"}, under));
    return [make("h1", {}, say("deciding")), asOf(page),
      count(page) ? null : make("p", {}, say("decide_none")),
      ...orders.map((one) => card("#/decide/order/" + one.uuid, one.customer, one.asked, `${one.number} · ${one.label}`)),
      ...outlets.map((one) => card("#/decide/outlet/" + one.id, one.name, say(one.kind === "new" ? "decide_new" : "decide_change"), [one.city, one.by].filter(Boolean).join(" · "))),
      ...leaves.map((one) => card("#/decide/leave/" + encodeURIComponent([one.day, one.user].join(":")), one.user, say("leave"), [day(one.day), one.why].filter(Boolean).join(" · "))),
      page.beyond() ? make("p", {}, make("a", {class: "button", href: "/"}, say("decide_beyond", {count: page.beyond()}))) : null];
  };

  const orderView = (page, one) => {
    const why = reasonField();
    const said = make("p", {role: "alert"});
    const word = (answer, more = {}) => send(page, "orders/" + one.uuid, {answer, content: one.content, why: why.value.trim(), ...more}, said);
    const counts = one.lines.map(([number, name, ordered, pack]) => [number, make("input", {type: "number", inputmode: "numeric", min: 0, max: ordered, step: pack, value: ordered, readonly: !one.offer?.smaller, "aria-label": `${say("pieces")}: ${name}`}), name, ordered]);
    const payment = make("select", {}, (one.offer?.payments ?? []).map(([code, name]) => make("option", {value: code}, name)));
    return [make("h1", {}, one.customer), make("p", {class: "faint"}, `${one.number} · ${one.requester}`), asOf(page),
      make("p", {}, make("strong", {}, one.label), `: ${one.why}`),
      facts([[say("decide_asked"), one.asked], [one.label, one.amount], [say("decide_limit"), one.limit], [say("decide_exposure"), one.exposure], [say("decide_since"), dayAndClock(one.held_at)], [say("decide_until"), one.due_at ? dayAndClock(one.due_at) : ""]]),
      make("table", {}, ...one.lines.map(([, name, ordered]) => make("tr", {}, make("td", {}, name), make("td", {class: "narrow"}, String(ordered))))),
      labelled(say("why"), why), said,
      make("div", {class: "actions"},
        press(page, say("decide_yes"), () => word("yes"), "main"),
        press(page, say("decide_no"), () => (lacks(why) ? undefined : word("no")))),
      one.offer ? make("details", {}, make("summary", {}, say("decide_offer")),
        make("table", {}, ...counts.map(([, input, name, ordered]) => make("tr", {}, make("td", {}, name), make("td", {class: "narrow"}, input), make("td", {class: "narrow"}, `/ ${ordered}`)))),
        ...labelled(say("payment"), payment),
        make("div", {class: "actions"}, press(page, say("decide_offer"), () => {
          const wrong = counts.find(([, input]) => !input.checkValidity());
          if (wrong) { wrong[1].focus(); return; }
          return word("offer", {lines: Object.fromEntries(counts.map(([number, input]) => [number, Number(input.value)])), payment: payment.value});
        }))) : null].flat();
  };

  const outletView = (page, one) => {
    const why = reasonField();
    const said = make("p", {role: "alert"});
    const word = (answer, into = "") => send(page, "outlets/" + one.id, {answer, code: one.code, into, why: why.value.trim()}, said);
    return [make("h1", {}, one.name), make("p", {class: "faint"}, [one.code, one.city].filter(Boolean).join(" · ")), asOf(page),
      make("p", {}, say("decide_by", {who: one.by, at: dayAndClock(one.at)})),
      make("dl", {}, one.fields.flatMap(([name, old, wanted]) => [make("dt", {}, name), make("dd", {}, [old || "–", "→", wanted || "–"].join(" "))])),
      one.own ? make("p", {class: "wait"}, say("decide_own")) : null,
      one.own ? null : labelled(say("why"), why), said,
      ...one.alike.map(([code, name, by]) => make("div", {class: "actions"},
        press(page, say("same_outlet", {name: `${name} ${code}`, by}), () => word("join", code)))),
      one.own ? null : make("div", {class: "actions"},
        press(page, say("decide_yes"), () => word("grant"), "main"),
        press(page, say("decide_no"), () => word("refuse")))].flat();
  };

  const leaveView = (page, one) => {
    const why = reasonField();
    const said = make("p", {role: "alert"});
    const word = (answer) => send(page, "leaves", {answer, user: one.user, day: one.day, why: why.value.trim()}, said);
    return [make("h1", {}, `${one.user}: ${say("leave")}`), make("p", {}, [day(one.day), one.why].filter(Boolean).join(" · ")), asOf(page),
      labelled(say("why"), why), said,
      make("div", {class: "actions"},
        press(page, say("decide_yes"), () => word("grant"), "main"),
        press(page, say("decide_no"), () => (lacks(why) ? undefined : word("refuse"))))].flat();
  };

  const decideView = (page, kind, id) => {
    const {orders = [], outlets = [], leaves = []} = page.deciding();
    const found = {order: orders.find((one) => one.uuid === id), outlet: outlets.find((one) => String(one.id) === id), leave: leaves.find((one) => [one.day, one.user].join(":") === id)}[kind];
    if (!found) return [make("h1", {}, say("deciding")), make("p", {}, say("decide_gone")), make("p", {}, make("a", {class: "button", href: "#/deciding"}, say("deciding")))];
    return {order: orderView, outlet: outletView, leave: leaveView}[kind](page, found);
  };

  const noticesView = (page) => {
    const {rows = [], unread = 0, up_to: upTo = 0, own_up_to: ownUpTo = 0} = page.notices();
    const said = make("p", {role: "status"});
    const read = button(say("notices_read"), async () => {
      try {
        await fieldSync.ask("/field/notices/read", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({up_to: upTo, own_up_to: ownUpTo})});
        await fieldSync.again();
        await page.redraw();
      } catch (error) {
        if (!(error instanceof fieldSync.Stop)) throw error;
        said.textContent = say("no_line_none");
      }
    });
    return [make("h1", {}, say("notices")), make("p", {class: "faint"}, say("target_as_of", {at: dayAndClock(page.toldAt())})),
      rows.length ? null : make("p", {}, say("notices_none")),
      ...rows.map((one) => make("a", {class: "card", href: one.address.replace(/^\/field#/, "#")},
        make(one.unread ? "strong" : "span", {}, one.line), one.why ? make("p", {}, one.why) : null, make("p", {class: "faint"}, dayAndClock(one.at)))),
      said,
      make("div", {class: "actions"}, unread ? read : null,
        make("a", {class: "button", href: "/notices"}, say("notices_device")))];
  };

  return {count, follow, notices: noticesView, deciding: listView, decide: decideView};
})();
