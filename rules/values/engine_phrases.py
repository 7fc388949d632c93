"""The parts of the engine's sentences, each with its parameters."""

from rules.values.reasons import Phrase, register

register(
    Phrase("said.text", {"text": "name"}),
    # quantities
    Phrase("terms.from", {"pieces": "count"}),
    Phrase("terms.from_pack", {"pieces": "count", "count": "count", "unit": "code"}),
    Phrase("terms.by", {"pieces": "count"}),
    Phrase("terms.by_pack", {"pieces": "count", "count": "count", "unit": "code"}),
    Phrase(
        "rounded.up", {"ordered": "count", "product": "name", "terms": "phrases", "sent": "count"}
    ),
    Phrase("rounded.down", {"kept": "count", "product": "name"}),
    # prices
    Phrase("price.each"),
    Phrase("price.pack", {"unit": "code", "size": "count"}),
    Phrase("price.list", {"list": "rule"}),
    Phrase("price.mrp_list", {"list": "rule", "mrp": "unit_price"}),
    Phrase("price.mrp_percent", {"percent": "percent"}),
    Phrase("price.margin_percent", {"percent": "percent", "rule": "rule"}),
    Phrase("price.margin_amount", {"amount": "unit_price", "rule": "rule"}),
    Phrase("price.adjust_percent", {"percent": "percent", "rule": "rule"}),
    Phrase("price.adjust_amount", {"amount": "unit_price", "rule": "rule"}),
    Phrase("failed.unpriced"),
    Phrase("failed.stopped"),
    Phrase("failed.uncredited"),
    Phrase("floor.amount", {"floor": "money"}),
    Phrase("floor.secret"),
    Phrase("mrp.product", {"mrp": "unit_price"}),
    Phrase("mrp.batch", {"batch": "code", "mrp": "unit_price"}),
)

register(
    # schemes
    Phrase("beaten.best", {"winner": "rule"}),
    Phrase("beaten.priority", {"winner": "rule"}),
    Phrase("beaten.cheapest", {"winner": "rule"}),
    Phrase("limit.uses", {"period": "period"}),
    Phrase("limit.pieces", {"period": "period"}),
    Phrase("limit.amount", {"period": "period"}),
    Phrase("part.money", {"possible": "money", "earned": "money"}),
    Phrase("part.pieces", {"possible": "count", "earned": "count"}),
    Phrase("gift.on_top", {"quantity": "count", "product": "name"}),
    Phrase("gift.inside", {"quantity": "count", "amount": "money"}),
    # what is nearly earned
    Phrase("more.pieces", {"count": "count", "period": "period"}),
    Phrase("more.pieces_of", {"count": "count", "product": "name", "period": "period"}),
    Phrase("more.packs", {"count": "count", "unit": "code", "period": "period"}),
    Phrase(
        "more.packs_of", {"count": "count", "unit": "code", "product": "name", "period": "period"}
    ),
    Phrase("more.money", {"amount": "money", "period": "period"}),
    Phrase("more.money_of", {"amount": "money", "product": "name", "period": "period"}),
    Phrase("more.order", {"amount": "money"}),
    Phrase("more.set", {"count": "count", "parts": "sets"}),
    Phrase("more.sets", {"sets": "phrases"}),
    Phrase("benefit.percent", {"percent": "percent"}),
    Phrase("benefit.percent_onward", {"percent": "percent"}),
    Phrase("benefit.amount", {"amount": "money"}),
    Phrase("benefit.price", {"price": "unit_price"}),
    Phrase("benefit.price_onward", {"price": "unit_price"}),
    Phrase("benefit.pack_price", {"price": "unit_price", "unit": "code"}),
    Phrase("benefit.pack_price_onward", {"price": "unit_price", "unit": "code"}),
    Phrase("benefit.set_price", {"price": "money"}),
    Phrase("benefit.set_percent", {"percent": "percent"}),
    Phrase("benefit.set_amount", {"amount": "money"}),
    Phrase("benefit.on_goods", {"benefit": "phrase", "parts": "sets"}),
    Phrase("benefit.on_pieces", {"benefit": "phrase", "count": "count", "parts": "sets"}),
    Phrase("benefit.on_cheapest", {"benefit": "phrase", "count": "count"}),
    Phrase("benefit.on_dearest", {"benefit": "phrase", "count": "count"}),
    Phrase("benefit.on_next", {"benefit": "phrase", "count": "count"}),
    Phrase("benefit.free", {"count": "count"}),
    Phrase("benefit.free_of", {"count": "count", "product": "name"}),
    # why a scheme gave nothing
    Phrase("fact.is", {"fact": "code", "values": "either"}),
    Phrase("fact.is_not", {"fact": "code", "values": "either"}),
    Phrase("start.pieces", {"count": "count"}),
    Phrase("start.packs", {"count": "count", "unit": "code"}),
    Phrase("start.money", {"amount": "money"}),
)

register(
    # credit and approvals
    Phrase("credit.overdue", {"overdue": "money", "days": "count", "limit": "money"}),
    Phrase("credit.part", {"amount": "money", "part": "credit_part", "limit": "money"}),
    Phrase("approval.within", {"minutes": "count"}),
    Phrase("approval.offer", {"offers": "options"}),
    Phrase("offer.smaller"),
    Phrase("offer.payment", {"payment": "payment"}),
    Phrase("approval.notify", {"minutes": "count", "roles": "either"}),
    Phrase("approval.reassign", {"minutes": "count", "roles": "either"}),
    Phrase("approval.expire", {"minutes": "count"}),
    # stock
    Phrase("expiry.past", {"day": "day"}),
    Phrase("expiry.soon", {"day": "day"}),
    Phrase("batch.say_why"),
    Phrase("stock.product", {"available": "count", "quantity": "count", "product": "name"}),
    Phrase(
        "stock.batch",
        {"available": "count", "quantity": "count", "product": "name", "batch": "code"},
    ),
    Phrase("stock.nothing"),
    Phrase("rest.follows"),
    Phrase("rest.within", {"days": "count"}),
    # goods that come back
    Phrase("sale.line", {"number": "count"}),
    Phrase("sale.free", {"number": "count"}),
    Phrase("returned.lines", {"count": "count", "product": "name", "sold": "count"}),
    Phrase("returned.free", {"count": "count", "product": "name", "given": "count"}),
    Phrase("returned.charged", {"count": "count", "product": "name", "given": "count"}),
    Phrase("sum.money", {"amount": "money"}),
    Phrase("sum.nothing"),
    Phrase("owed.priced", {"price": "unit_price"}),
    Phrase("owed.unpriced"),
    Phrase("charge.more", {"amount": "money"}),
    Phrase("charge.less", {"amount": "money"}),
)
