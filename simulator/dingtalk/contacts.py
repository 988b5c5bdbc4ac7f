"""The contacts of the old API: members and departments, one level at a time."""

from typing import Any

from simulator.dingtalk.config import ROOT_DEPARTMENT, Department, Member
from simulator.dingtalk.errors import OldError
from simulator.dingtalk.gate import Answer, Call, Endpoint
from simulator.dingtalk.people import People

_MOST_SIZE = 100


class Contacts:
    """/topapi/v2/user/… and /topapi/v2/department/…."""

    def __init__(self, people: People) -> None:
        self._people = people

    def endpoints(self) -> list[Endpoint]:
        member, departments = "qyapi_get_member", "qyapi_get_department_list"
        staff = "qyapi_get_department_member"
        table: list[tuple[str, Any, str]] = [
            ("topapi/v2/user/get", self._user, member),
            ("topapi/v2/user/list", self._users, staff),
            ("topapi/user/listid", self._userids, staff),
            ("topapi/v2/department/get", self._department, departments),
            ("topapi/v2/department/listsub", self._departments, departments),
            ("topapi/v2/department/listsubid", self._department_ids, departments),
        ]
        return [
            Endpoint(
                method="POST",
                path=f"/{api}",
                api=api,
                handler=handler,
                age="old",
                permission=permission,
            )
            for api, handler, permission in table
        ]

    async def _user(self, call: Call) -> Answer:
        member = self._people.staff(call.body.get("userid"))
        if member is None:
            raise OldError(33012)
        return _result(self._detail(member))

    async def _users(self, call: Call) -> Answer:
        """Direct members only, a page at a time."""
        members = self._members_of(self._given_department(call.body).dept_id)
        cursor, size = _number(call.body, "cursor"), _number(call.body, "size")
        if not 1 <= size <= _MOST_SIZE:
            raise OldError(400002, "size")
        page = [self._detail(member) for member in members[cursor : cursor + size]]
        result: dict[str, Any] = {"has_more": cursor + size < len(members), "list": page}
        if result["has_more"]:
            result["next_cursor"] = cursor + size
        return _result(result)

    async def _userids(self, call: Call) -> Answer:
        members = self._members_of(self._given_department(call.body).dept_id)
        return _result({"userid_list": [member.userid for member in members]})

    async def _department(self, call: Call) -> Answer:
        department = self._given_department(call.body)
        everyone = self._people.members.values()
        leaders = [m.userid for m in everyone if department.dept_id in m.leads]
        detail = _department_json(department) | {"dept_manager_userid_list": leaders}
        return _result(detail)

    async def _departments(self, call: Call) -> Answer:
        below = self._below(self._given_department(call.body))
        return _result([_department_json(each) for each in below])

    async def _department_ids(self, call: Call) -> Answer:
        below = self._below(self._given_department(call.body))
        return _result({"dept_id_list": [each.dept_id for each in below]})

    def _given_department(self, body: dict[str, Any]) -> Department:
        dept_id = _number(body, "dept_id") if "dept_id" in body else ROOT_DEPARTMENT
        found = self._people.departments.get(dept_id)
        if found is None:
            raise OldError(60003)
        return found

    def _below(self, department: Department) -> list[Department]:
        everyone = self._people.departments.values()
        return [each for each in everyone if each.parent_id == department.dept_id]

    def _members_of(self, dept_id: int) -> list[Member]:
        members = self._people.members.values()
        return [m for m in members if dept_id in m.dept_ids and not m.is_outsider]

    def _detail(self, member: Member) -> dict[str, Any]:
        return {
            "userid": member.userid,
            "unionid": member.union_id,
            "name": member.name,
            "title": member.title,
            "mobile": member.mobile,
            "active": True,
            "admin": member.is_admin,
            "boss": False,
            "dept_id_list": list(member.dept_ids),
            "leader_in_dept": [
                {"dept_id": dept_id, "leader": dept_id in member.leads}
                for dept_id in member.dept_ids
            ],
            "manager_userid": member.manager_userid,
        }


def _department_json(department: Department) -> dict[str, Any]:
    return {
        "dept_id": department.dept_id,
        "name": department.name,
        "parent_id": department.parent_id,
        "create_dept_group": False,
        "auto_add_user": False,
    }


def _number(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise OldError(400002, name)
    return value


def _result(result: Any) -> Answer:
    return {"errcode": 0, "errmsg": "ok", "request_id": "simulated", "result": result}
