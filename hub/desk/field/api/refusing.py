"""How the field tells a program why nothing was done."""

from http import HTTPStatus

from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.web.programs import ApiError


def refusal(refused: Refused) -> ApiError:
    """Write the first reason: 404 for a row that is not there, 403 for one's own, else 422."""
    reason = refused.reasons[0]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if reason.code == "leave_own":
        status = HTTPStatus.FORBIDDEN
    elif reason.code.endswith("_unknown") and not reason.field:
        status = HTTPStatus.NOT_FOUND
    params = {"of" if name == "code" else name: value for name, value in reason.params.items()}
    return ApiError(status, reason.code, sentence(reason), **params)
