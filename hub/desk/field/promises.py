"""What the field promises, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("visit_begun", "A visit was begun by an entry of the person who made it"),
            of="visit",
            broken="""
                SELECT v.uuid, u.name FROM visit v
                JOIN user_account u ON u.id = v.user_id
                LEFT JOIN field_entry e ON e.uuid = v.uuid AND e.kind = 'visit_begun'
                    AND e.user_id = v.user_id AND e.party_id = v.party_id
                WHERE e.uuid IS NULL
            """,
            fault="visit {0} of {1} has no entry that began it",
        ),
        Statement(
            Promise("interaction_told", "What was seen at an outlet was told by who saw it there"),
            of="interaction",
            broken="""
                SELECT i.uuid, u.name FROM interaction i
                JOIN user_account u ON u.id = i.user_id
                LEFT JOIN field_entry e ON e.uuid = i.uuid AND e.user_id = i.user_id
                    AND e.party_id = i.party_id
                    AND e.kind IN ('noted', 'complained', 'stock_seen', 'price_seen',
                        'goods_back')
                WHERE e.uuid IS NULL
            """,
            fault="interaction {0} of {1} has no entry that told of it",
        ),
        Statement(
            Promise("photo_told", "A photo belongs to an entry of the person who took it"),
            of="field_photo",
            broken="""
                SELECT p.uuid, p.entry FROM field_photo p
                LEFT JOIN field_entry e ON e.uuid = p.entry AND e.user_id = p.user_id
                WHERE e.uuid IS NULL
            """,
            fault="photo {0} is of entry {1}, which is not of who took it",
        ),
        Statement(
            Promise("field_order", "An order that a phone sent is there, under the phone's own id"),
            of="field_entry",
            broken="""
                SELECT e.uuid, e.document FROM field_entry e
                LEFT JOIN order_ o ON o.uuid = e.document AND o.source = 'field'
                    AND o.source_key = e.uuid
                WHERE e.kind = 'ordered' AND o.id IS NULL
            """,
            fault="entry {0} made order {1}, which is not there under its id",
        ),
        Statement(
            Promise("field_money", "Money that a phone sent is there, under the phone's own id"),
            of="field_entry",
            broken="""
                SELECT e.uuid, e.document FROM field_entry e
                LEFT JOIN payment p ON CAST(p.id AS VARCHAR(64)) = e.document AND p.key = e.uuid
                WHERE e.kind = 'collected' AND p.id IS NULL
            """,
            fault="entry {0} made payment {1}, which is not there under its id",
        ),
        Statement(
            Promise("field_brought", "Goods that a phone says were brought are on a closed note"),
            of="field_entry",
            broken="""
                SELECT e.uuid, e.document FROM field_entry e
                LEFT JOIN delivery d ON CAST(d.id AS VARCHAR(64)) = e.document
                    AND d.state IN ('delivered', 'part', 'refused', 'closed_shop')
                    AND d.customer_id = e.party_id
                WHERE e.kind = 'brought' AND d.id IS NULL
            """,
            fault="entry {0} is of note {1}, which has not come to its end",
        ),
    )
)
