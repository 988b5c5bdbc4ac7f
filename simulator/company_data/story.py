"""What the demo's talk is about: 宏达精密, its first phase nearly paid, its second coming."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from simulator.company_data import people
from simulator.company_data.activities import log, remember
from simulator.company_data.history import ZONE, Company, new_deal, walk, wan, workday
from simulator.company_data.money import pay, sign

FIRST = "一期装配线"
SECOND = "二期产线改造"


def first_phase(company: Company) -> None:
    """Signed five months ago; 20万 of the last instalment overdue for twelve days."""
    customer = company.rows["customers"][0]
    today = company.today
    signed_on = workday(today - timedelta(days=150))
    contract = sign(company, customer, signed_on, wan(80), name=FIRST)
    company.rows["deals"][-1].update(products=["柔性装配线"], competitors=[])
    company.rows["quotes"][-1].update(discount_bp=8800, reason="长期客户，量大")
    company.rows["quotes"][-1]["lines"] = [
        {"product": "柔性装配线", "quantity": 1, "unit_price_fen": wan(80) * 10_000 // 8800}
    ]
    company.told.add(contract["id"])
    for amount, days in ((24, 145), (36, 118)):
        pay(company, contract, wan(amount), workday(today - timedelta(days=days)), planned=False)
    pay(company, contract, wan(20), today - timedelta(days=12), planned=True)


def second_phase(company: Company) -> None:
    """120万, its plan presented nine days ago, the delivery time in doubt."""
    customer = company.rows["customers"][0]
    today = company.today
    deal = new_deal(
        company, customer, workday(today - timedelta(days=47)), name=SECOND, amount_fen=wan(120),
        products=["产线改造"], competitors=[],
    )  # fmt: skip
    walk(company, deal, people.STAGES[:3], today - timedelta(days=9))
    log(company, customer, workday(today - timedelta(days=33)), deal=deal["id"],
        contacts=["李卫东"], note="现场量了老线节拍，李工要求换型控制在10分钟以内")  # fmt: skip
    log(company, customer, workday(today - timedelta(days=12)), deal=deal["id"],
        contacts=["王建国", "李卫东"],
        note="讲了二期方案，王总嫌交期长，要看苏州案例")  # fmt: skip
    tomorrow = today + timedelta(days=1)
    log(company, customer, tomorrow, deal=deal["id"], contacts=["王建国"], planned=True,
        at=datetime.combine(tomorrow, time(14), tzinfo=ZONE).isoformat())  # fmt: skip
    remember(company, customer, "把苏州案例发给王总", today - timedelta(days=3))


def namesake(company: Company) -> None:
    """The other 宏达 of the same rep, with a deal of its own."""
    customer = company.rows["customers"][1]
    made_on = workday(company.today - timedelta(days=26))
    deal = new_deal(
        company, customer, made_on, name="仓储搬运改造", amount_fen=wan(46),
        products=["自动搬运车"], competitors=["远拓机器人"],
    )  # fmt: skip
    walk(company, deal, people.STAGES[:2], company.today - timedelta(days=11))
    log(company, customer, workday(company.today - timedelta(days=11)), deal=deal["id"],
        contacts=["马俊峰"], note="马总带看了新仓，先上六台车，明年再扩")  # fmt: skip
