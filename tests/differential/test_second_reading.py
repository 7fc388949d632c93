"""The engine beside a second reading of the rule language that is as plain as can be.

The second reading (`plain/`) takes rule files as they are written, in Decimal and rule by rule;
`if:` is answered by rule-engine itself. It shares no code with the engine. Beside prices and
schemes it has what settles an order (`plain/settling/`): credit and its later gates, approvals,
batches and what stock cuts, and returns.
"""

import pytest

from tests.differential.agreement import GATED, ORDERS, RETURNED, differences
from tests.fixtures.trials import Trials

EVALUATIONS = 5_000
LONG_EVALUATIONS = 200_000
EACH_FILE = ORDERS + GATED + RETURNED


@pytest.mark.timeout(3_600)
def test_the_engine_decides_every_order_as_its_rules_are_written(trials: Trials) -> None:
    found = trials.run(
        differences, usual=EVALUATIONS // EACH_FILE, long=LONG_EVALUATIONS // EACH_FILE
    )

    assert found == [], "\n\n".join(found)
