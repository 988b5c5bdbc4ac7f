"""Customers taken from the shared pool, or given back to it, told in the middle of a note."""

from __future__ import annotations

from nlu import expressions as re
from nlu.drafts import Draft
from nlu.frames.targets import address
from nlu.sections import Section, Setting

_TAKEN = re.compile(
    r"认领|(?:我|先|就)[^,，Ⓓ]{0,8}(?:领|捞|收|接|要|拿|跟)(?:了|走|下来?|过来|到(?:手|我))(?=$|[吧哈]|[,，])"
    r"|领(?:了|走|到我)|(?:划|归|挂|分|放)(?:到|在|给)?我(?:名下|这|$)"
)
_GIVEN_BACK = re.compile(
    r"(?:放|退|丢|扔|还|转|释放)(?:回|到|进|给|入)*(?:去)?(?:公(?:海|共?池)|池子)"
)
_NOT_DONE = re.compile(
    r"[没未别吗?？]|不(?!跟|做|行)|谁|如果|要是|再不|能不能|可能|会被|怕|公海(?:里|的|捞|领|来)"
)


def pool_moves(section: Section, setting: Setting) -> list[Draft]:
    """我先把这个客户领了, 这家我放回公海了: whose the section's customer is from now on."""
    customer = section.customer
    if customer is None or len(setting.clauses) < 2:
        return []
    for clause in section.clauses:
        if clause.of("user") or _NOT_DONE.search(clause.shape):
            continue
        taken = customer.owner is None and _TAKEN.search(clause.shape)
        given = customer.owner is not None and _GIVEN_BACK.search(clause.shape)
        if taken or given:
            draft = address(Draft("claim" if taken else "release", clause.start), section)
            clause.taken.add(0)
            return [draft]
    return []
