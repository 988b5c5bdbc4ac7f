"""Which piece of a text names which customer, and how surely."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.known import Known, KnownContact, KnownCustomer
from nlu.naming.alike import find_alike
from nlu.naming.linking import Evidence, Talk, choose, find_exact, find_heard, ranked
from nlu.normal import normalise
from nlu.scene import read_mentions

NOW = datetime.fromisoformat("2026-11-25T16:00:00")
ME = Talk("u1")
OTHER = Talk("u9")


def firm(name: str, *aliases: str, owner: str | None = "u1", number: int = 1) -> KnownCustomer:
    return KnownCustomer(id=f"k{number}", name=name, aliases=aliases, owner=owner)


def said(text: str, *customers: KnownCustomer, talk: Talk = ME) -> list[str]:
    """The pieces of a text that name one of the customers, as a whole reading finds them."""
    mentions = read_mentions(text, now=NOW, known=Known(customers=customers), talk=talk)
    return [mention.text for mention in mentions if mention.links]


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("大众", "大众普遍反映价格偏高"),
        ("大众", "面向大众的产品要便宜"),
        ("今天", "今天拜访了王总，聊得不错"),
        ("今天", "到今天，还没回复"),
        ("美的", "这个方案挺完美的，没意见"),
        ("长城", "周末想带孩子爬长城玩"),
        ("海大", "去了上海大学，见了李老师"),
        ("方案", "下周三前给方案，别忘了"),
        ("阳光", "外面阳光很好，出门跑客户"),
    ],
)
def test_a_word_is_no_customer(alias: str, text: str) -> None:
    assert said(text, firm(f"江州{alias}物流有限公司", alias)) == []


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("大众", "今天拜访了大众的王总"),
        ("大众", "大众那边说下周签"),
        ("今天", "去了今天公司，谈回款"),
        ("美的", "联系了美的，样品下周寄"),
        ("长城", "跟长城的李经理约了周三"),
        ("海大", "去海大，见了李老师"),
        ("阳光", "阳光回款三十万"),
    ],
)
def test_a_customer_that_bears_a_words_name_is_found(alias: str, text: str) -> None:
    assert said(text, firm(f"江州{alias}物流有限公司", alias)) == [alias]


def test_a_strangers_word_needs_more_than_ones_own() -> None:
    customer = firm("杭州东方物流有限公司")
    assert said("东方的习惯是先吃饭", customer) == ["东方"]
    assert said("东方的习惯是先吃饭", customer, talk=OTHER) == []
    assert said("拜访了东方，谈得不错", customer, talk=OTHER) == ["东方"]


@pytest.mark.parametrize(
    "text",
    [
        "去了苏州恒衫精密机械有限公司，谈交期",
        "去了恒杉精蜜，谈交期",
        "去了恒杉杉精密，谈交期",
        "去了恒精密机械，谈交期",
        "去了苏州杉恒精密，谈交期",
        "去了苏州恒杉蜜精机械，谈交期",
        "苏州横杉精密机械的合同签了",
    ],
)
def test_one_character_may_be_wrong(text: str) -> None:
    found = said(text, firm("苏州市恒杉精密机械有限公司"))
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "去了精密机械，谈交期",
        "聊了精密加工的事",
        "常州恒达精密的王总来电",
        "去了第二人民医院",
    ],
)
def test_a_common_piece_names_nobody(text: str) -> None:
    assert said(text, firm("苏州恒杉精密机械有限公司"), firm("第一人民医院", number=2)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("去了江州第二医院", "江州第一医院"),
        ("去了江东大药房连锁", "江西大药房连锁"),
        ("去了广州恒杉科技", "杭州恒杉科技有限公司"),
        ("去了恒杉电子", "恒杉电气有限公司"),
        ("新客户恒彬精密，做轴承的", "恒杉精密有限公司"),
    ],
)
def test_what_tells_firms_apart_is_no_slip(text: str, name: str) -> None:
    assert find_alike(text, [firm(name)], ME) == []


def test_a_strangers_short_name_with_a_slip_is_left_alone() -> None:
    customer = firm("苏州恒杉精密机械有限公司", owner="u2")
    assert said("去了恒彬精密，谈交期", customer, talk=OTHER) == []
    assert said("去了苏州恒彬精密机械，谈交期", customer, talk=OTHER) != []


def test_exact_ranks_before_heard_before_confused_before_miswritten() -> None:
    text = "恒杉电子的王总"
    exact = find_exact(text, [firm("恒杉电子有限公司")], ME)[0][2][0]
    heard = find_heard(text, [firm("横山电子有限公司")], ME)[0][2][0]
    confused = find_heard(text, [firm("横桑电子有限公司")], ME)[0][2][0]
    alike = find_alike(text, [firm("恒木电子有限公司")], ME)[0][2][0]
    links = [exact, heard, confused, alike]
    assert links == sorted(links, key=lambda link: link.rank)
    sure = [link.confidence for link in links]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 4


def test_an_exact_name_is_never_left_for_one_that_looks_alike() -> None:
    """The sender's own that sounds so stays out of it."""
    exact, own = firm("恒杉电子", owner="u2"), firm("横山电子", owner="u1", number=2)
    mentions = read_mentions("去了恒杉电子", now=NOW, known=Known(customers=(exact, own)), talk=ME)
    evidence = Evidence(text="去了恒杉电子", sender="u1")
    links = [m.links for m in mentions if m.links]
    assert [choose(x, evidence) for x in links] == [(exact,)]


def test_ones_own_is_meant_before_a_strangers_alias() -> None:
    own = firm("苏州恒杉电子有限公司")
    stranger = firm("江州恒杉物流有限公司", "恒杉", owner=None, number=2)
    ((_, _, links),) = find_exact("去了恒杉，谈交期", [stranger, own], ME)
    assert choose(links, Evidence(text="去了恒杉，谈交期", sender="u1")) == (own,)
    assert ranked(links, Evidence(text="", sender="u1"))[0] == own
    talked = Evidence(text="", sender="u1", recent=("k2",))
    assert ranked(links, talked)[0] == stranger


def test_two_that_sound_alike_are_asked_about() -> None:
    one, two = firm("恒衫电子有限公司"), firm("横山物流有限公司", number=2)
    ((_, _, links),) = find_heard("去了恒珊，谈交期", [one, two], ME)
    assert set(choose(links, Evidence(text="去了恒珊", sender="u1"))) == {one, two}


def test_a_sound_that_many_strangers_share_names_nobody() -> None:
    many = [firm(f"横山{n}有限公司", "横山", owner="u2", number=n) for n in range(8)]
    assert find_heard("去了恒杉，谈交期", many, OTHER) == []
    mine = firm("衡山电子有限公司", number=9)
    ((_, _, links),) = find_heard("去了恒杉，谈交期", [*many, mine], ME)
    assert choose(links, Evidence(text="", sender="u1")) == (mine,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("去了罗山电子", "诺山电子"),
        ("去了兴盛电子", "新胜电子"),
        ("去了福兰电子", "湖南电子"),
        ("去了常乐建工", "长乐建工"),
        ("去了恒杉電子", "恒杉电子有限公司"),
        ("去了TCL科技", "tcl科技集团"),
    ],
)
def test_other_ways_to_write_a_name(text: str, name: str) -> None:
    assert said(normalise(text).text, firm(name)) != []


def test_a_contact_beside_it_settles_a_word() -> None:
    customer = KnownCustomer(
        id="k1", name="江州光明物流有限公司", aliases=("光明",), owner="u2",
        contacts=(KnownContact(name="丘山", title="总经理"),),
    )  # fmt: skip
    assert said("光明丘山来电话了", customer, talk=OTHER) == ["光明"]


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        ("明天下午三点开会，别忘了", "杭州三点物流有限公司", "三点"),
        ("昨天和新杉开会，谈交期", "杭州和新物流有限公司", "和新"),
        ("苏州恒杉洋贸易有限公司来电", "苏州恒杉机械有限公司", "恒杉机械"),
    ],
)
def test_a_strangers_name_is_not_cut_out_of_other_words(text: str, name: str, alias: str) -> None:
    assert said(text, firm(name, alias, owner="u2"), talk=OTHER) == []


def test_a_person_with_a_title_is_no_misheard_firm() -> None:
    assert said("周五前把计划交给李经理，别忘了", firm("利劲力网络科技有限公司")) == []
    assert said("周五前把计划交给王总，别忘了", firm("旺众电子有限公司", "旺众")) == []


def test_ones_own_with_a_slip_is_meant_rather_than_a_piece_of_it() -> None:
    own = firm("苏州恒杉精密机械有限公司")
    piece = firm("杭州杉精物流有限公司", "杉精", owner=None, number=2)
    mentions = read_mentions(
        "去了恒恒杉精密，谈交期", now=NOW, known=Known(customers=(own, piece)), talk=ME
    )
    assert [[x.customer for x in m.links] for m in mentions if m.links] == [[own]]
