"""The address book laid over teams and people: by rule, unless an administrator said otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.people import book
from bot.platforms.contract import AddressBook, Department, Member, RetryLater, Unauthorised
from sales.setup import document
from storage.db import Database
from storage.models.journal import Journal
from storage.models.people import Binding, Stranger, Team, User
from storage.viewer import SYSTEM
from tests.builders import NOW, make_customer, make_deal, make_team, make_user
from tests.integration.office import Office, to

TREE = (
    Department(id="1", name="宏图公司"),
    Department(id="2", name="销售部", parent="1"),
    Department(id="3", name="华东组", parent="2"),
    Department(id="4", name="华南组", parent="2"),
    Department(id="5", name="生产部", parent="1"),
)
STAFF = (
    Member(user="ann", name="安一", departments=("3",), title="销售"),
    Member(user="bob", name="鲍二", departments=("3",), leads=("3",), title="经理"),
    Member(user="cai", name="蔡三", departments=("4",), title="大区经理"),
    Member(user="dan", name="丹四", departments=("5",), title="工人"),
)


def of(*members: Member, tree: tuple[Department, ...] = TREE) -> AddressBook:
    return AddressBook(corp="corp", departments=tree, members=members or STAFF)


async def lay(db: Database, found: AddressBook, platform: str = "fake", **how: Any) -> list[str]:
    async with db.write(SYSTEM, now=NOW) as session:
        return list((await book.lay(session, platform, found, **how)).lines)


async def rules(db: Database, **given: Any) -> None:
    async with db.write(SYSTEM) as session:
        await document.save(session, "people", given)


async def known(db: Database, account: str, name: str, **columns: Any) -> int:
    """Somebody opened earlier; by rule unless told otherwise."""
    async with db.write(SYSTEM) as session:
        user = await make_user(session, name, platform_user=account, platform="fake")
        user.role_by_hand = user.team_by_hand = False
        for column, value in columns.items():
            setattr(user, column, value)
        return user.id


async def people(db: Database) -> dict[str, tuple[str, str | None, bool]]:
    async with db.read(SYSTEM) as session:
        rows = await session.execute(
            select(User.name, User.role, Team.name, User.active)
            .outerjoin(Team, Team.id == User.team_id)
            .order_by(User.id)
        )
        return {name: (role, team, active) for name, role, team, active in rows}


async def tree(db: Database) -> dict[str, str]:
    """Each team's way down from the top, as its path says."""
    async with db.read(SYSTEM) as session:
        teams = {team.id: team for team in await session.scalars(select(Team))}
    return {
        team.name: "/".join(teams[int(n)].name for n in team.path.strip("/").split("/"))
        for team in teams.values()
    }


async def test_nobody_is_opened_unless_the_company_says_so(db: Database) -> None:
    lines = await lay(db, of())
    assert sorted(lines) == sorted(f"新增团队 {one.name}" for one in TREE)
    assert await people(db) == {}
    assert (await tree(db))["华东组"] == "宏图公司/销售部/华东组"
    assert await lay(db, of()) == []


async def test_the_rules_open_place_and_give_roles(db: Database) -> None:
    await rules(
        db, auto_open=True, departments=["销售部"],
        roles=[{"title": "大区", "role": "director"}, {"leads": True, "role": "manager"}],
    )  # fmt: skip
    async with db.write(SYSTEM) as session:
        waiting = {"platform": "fake", "corp": "corp", "seen_at": NOW}
        session.add(Stranger(platform_user="ann", code="AAAAAA", **waiting))
        session.add(Stranger(platform_user="dan", code="BBBBBB", **waiting))
    lines = await lay(db, of())
    assert "开通 鲍二（经理，华东组）" in lines
    assert await people(db) == {
        "安一": ("rep", "华东组", True),
        "鲍二": ("manager", "华东组", True),
        "蔡三": ("director", "华南组", True),
    }
    assert set(await tree(db)) == {"销售部", "华东组", "华南组"}
    async with db.read(SYSTEM) as session:
        assert list(await session.scalars(select(Stranger.platform_user))) == ["dan"]
    assert await lay(db, of()) == []


async def test_a_department_that_is_renamed_and_moved_stays_the_same_team(db: Database) -> None:
    await lay(db, of())
    async with db.read(SYSTEM) as session:
        before = {team.name: team.id for team in await session.scalars(select(Team))}
    moved = (
        TREE[0],
        Department(id="4", name="华南大区", parent="1"),
        Department(id="3", name="福建组", parent="4"),
        *(TREE[1], TREE[4]),
    )
    assert await lay(db, of(tree=moved)) == [
        "团队改名 华南组 → 华南大区",
        "团队移动 华南大区：销售部 → 宏图公司",
        "团队改名 华东组 → 福建组",
        "团队移动 福建组：销售部 → 华南大区",
    ]
    async with db.read(SYSTEM) as session:
        after = {team.name: team.id for team in await session.scalars(select(Team))}
        journal = await session.scalars(
            select(Journal.after).where(
                Journal.record_type == "team", Journal.operation == "update"
            )
        )
        assert "福建组" in [after.get("name") for after in journal]
    assert (after["福建组"], after["华南大区"]) == (before["华东组"], before["华南组"])
    assert (await tree(db))["福建组"] == "宏图公司/华南大区/福建组"


async def test_who_is_known_is_renamed_and_moved(db: Database) -> None:
    await rules(db, roles=[{"leads": True, "role": "manager"}])
    await known(db, "ann", "安小一")
    await known(db, "bob", "鲍二")
    lines = await lay(db, of())
    assert lines[-4:] == [
        "改名 安小一 → 安一",
        "调组 安一：无团队 → 华东组",
        "调组 鲍二：无团队 → 华东组",
        "换角色 鲍二：销售 → 经理",
    ]
    moved = Member(user="ann", name="ANN", departments=("4",))
    assert await lay(db, of(moved, *STAFF[1:])) == ["调组 安一：华东组 → 华南组"]


async def test_an_administrators_word_stands(db: Database) -> None:
    async with db.write(SYSTEM) as session:
        own = await make_team(session, "大客户组")
    await known(db, "bob", "鲍二", role="director", role_by_hand=True)
    await known(db, "ann", "安一", team_id=own.id, team_by_hand=True)
    await known(db, "cai", "蔡三", active=False)
    await lay(db, of())
    assert await people(db) == {
        "鲍二": ("director", "华东组", True),
        "安一": ("rep", "大客户组", True),
        "蔡三": ("rep", None, False),
    }


async def test_who_is_gone_or_marked_inactive_loses_access(db: Database) -> None:
    for account, name in (("ann", "安一"), ("bob", "鲍二"), ("cai", "蔡三"), ("dan", "丹四")):
        await known(db, account, name)
    async with db.write(SYSTEM) as session:
        ann = await session.scalar(select(User).where(User.name == "安一"))
        customer = await make_customer(session, owner=ann)
        await make_deal(session, customer)
        await make_deal(session, customer, status="won")
        cai = await session.scalar(select(User).where(User.name == "蔡三"))
        assert cai is not None
        session.add(Binding(platform="other", corp="c2", platform_user="cai", user_id=cai.id))
    inactive = Member(user="ann", name="安一", departments=("3",), active=False)
    lines = await lay(db, of(inactive, STAFF[1], STAFF[3]))
    assert lines[-2:] == [
        "安一离开了，名下 1 个客户、1 个商机待交接。",
        "蔡三 的账号 cai@fake 离开了",
    ]
    found = await people(db)
    assert [found[name][2] for name in ("安一", "鲍二", "蔡三", "丹四")] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("members", [0, 1])
async def test_a_book_that_lost_most_people_shuts_nobody_out(db: Database, members: int) -> None:
    for member in STAFF[:3]:
        await known(db, member.user, member.name)
    broken = AddressBook(corp="corp", departments=TREE, members=STAFF[:members])
    with pytest.raises(book.Implausible, match=f"3 人中有 {3 - members} 人不在里面"):
        await lay(db, broken)
    assert all(active for _, _, active in (await people(db)).values())
    await lay(db, broken, trusted=True)
    assert sum(active for _, _, active in (await people(db)).values()) == members


async def test_two_address_books_of_one_company_are_one_tree(db: Database) -> None:
    """Teams meet by name and place; the platform that told first names them; people don't meet."""
    await rules(db, auto_open=True, departments=[])
    await lay(db, of())
    other = (
        Department(id="root", name="宏图集团有限公司"),
        Department(id="s", name="销售部", parent="root"),
        Department(id="e", name="华东组", parent="s"),
        Department(id="p", name="生产部", parent="root"),
        Department(id="n", name="华北组", parent="s"),
    )
    lines = await lay(db, of(Member(user="0a", name="安一", departments=("e",)), tree=other), "b")
    assert lines == ["新增团队 华北组", "开通 安一（销售，华东组）"]
    assert (await tree(db))["华北组"] == "宏图公司/销售部/华北组"
    async with db.read(SYSTEM) as session:
        assert len(list(await session.scalars(select(User).where(User.name == "安一")))) == 2
    assert await lay(db, of()) == []


async def test_a_part_of_the_company_does_not_pass_for_the_whole(db: Database) -> None:
    part = (Department(id="9", name="华东大区"), Department(id="91", name="一组", parent="9"))
    await lay(db, of(tree=part))
    await lay(db, of(tree=TREE), "b")
    assert (await tree(db))["销售部"] == "宏图公司/销售部"


async def test_a_changed_book_is_read_soon_and_every_night(db: Database) -> None:
    office = Office(db)
    platform = office.platforms["fake"]
    async with db.write(SYSTEM) as session:
        await make_user(session, "卫八", role="admin", platform_user="root", platform="fake")
    await known(db, "ann", "安小一")
    platform.book = of(*STAFF, Member(user="root", name="卫八"))
    assert await office.tick() == []
    assert "安小一" in await people(db)  # a new installation waits for its first night

    await office.staffing(changed=("ann",))
    await office.staffing(departments=True)
    await office.tick()
    assert "安小一" in await people(db)  # changes come in bursts
    office.clock.move(seconds=11)
    await office.tick()
    assert "安一" in await people(db)

    platform.book = of(STAFF[1], *STAFF[2:], Member(user="root", name="卫八"))
    office.clock.move(hours=12)
    assert await office.tick() == []
    office.clock.move(hours=12)
    (told,) = await office.tick()
    assert (told.user, told.text) == ("root", "安一离开了，名下没有要交接的。")
    assert await office.tick() == []


async def test_processes_read_a_book_once(db: Database) -> None:
    one, two = Office(db), Office(db)
    await known(db, "ann", "安小一")
    for office in (one, two):
        office.platforms["fake"].book = of()
        await office.tick()
    await one.staffing(changed=("ann",))
    reads = 0

    async def count(self: Any) -> AddressBook:
        nonlocal reads
        reads += 1
        return of()

    for office in (one, two):
        office.clock.move(seconds=11)
        office.platforms["fake"].address_book = count.__get__(office)  # type: ignore[method-assign]
        await office.tick()
    assert reads == 1


async def test_a_book_that_cannot_be_read_is_told_and_tried_again(db: Database) -> None:
    office = Office(db)
    await known(db, "ann", "安小一")
    await office.tick()
    answers: list[Any] = [
        RetryLater("busy", timedelta(seconds=1)), Unauthorised("no permission", 60011), of(),
    ]  # fmt: skip

    async def book_of() -> AddressBook:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        found: AddressBook = answer
        return found

    office.platforms["fake"].address_book = book_of  # type: ignore[method-assign]
    await office.staffing(changed=("ann",))
    for seconds, left in ((11, 2), (60, 2), (600, 1), (600, 1), (86_400, 0)):
        office.clock.move(seconds=seconds)
        await office.tick()
        assert len(answers) == left
    assert office.alerts == [
        "fake 的通讯录读不出来：busy", "fake 的通讯录读不出来：no permission",
    ]  # fmt: skip
    assert "安一" in await people(db)


async def test_an_empty_book_at_night_alerts(db: Database) -> None:
    office = Office(db)
    await known(db, "ann", "安一")
    await office.tick()
    office.platforms["fake"].book = AddressBook(corp="corp", departments=(), members=())
    office.clock.move(hours=24)
    assert to("ann", await office.tick()) == []
    assert office.alerts[0].startswith("fake 的通讯录里只有 0 人，已开通的 1 人中有 1 人不在里面")
    assert (await people(db))["安一"][2]
