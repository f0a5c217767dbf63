"""One case for each rule that `diff` reports: the smallest change that has it, and only it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from flama_compile.compare import compare
from flama_compile.compare.catalogue import LEVELS, RULES, Level, rule
from flama_compile.ir.findings import Finding
from flama_compile.ir.routes import Parameter, View
from support.tables import MountSpec, RouteSpec, SiteSpec, Spec, build

R, M = RouteSpec, MountSpec
TODAY = date(2030, 6, 1)


def views(*parameters: Parameter, returns: str = "") -> tuple[View, ...]:
    return (View("", parameters, True, returns),)


def query(name: str, type: str, default: str | None = None) -> Parameter:
    return Parameter(name, "positional", type, default, "query")


def body(type: str, default: str | None = None) -> Parameter:
    return Parameter("data", "positional", type, default, "body")


def implicit(path: str, name: str) -> RouteSpec:
    return R(path, f"{name}_view", name=name, include_in_schema=False, module="flama.schemas")


@dataclass
class Case:
    """What changed, and the one finding that says so."""

    rule: str
    base: list[Spec]
    head: list[Spec]
    witness: str | None
    message: str
    severity: str = ""
    """"" for the severity of the rule."""
    contract: Level = "schema"
    below: bool = True
    """Whether the contract below the rule's level must be silent."""
    title: str = ""
    proof: str = ""
    routes: int = 1
    detail: list[str] = field(default_factory=list)


ME, USER = R("/users/me", "me"), R("/users/{id}", "user")
API: list[Spec] = [R("/x", "x"), R("/y", "y"), R("/z/{id}", "z")]

CASES = [
    Case("RT101", [ME], [], "GET /users/me", "`GET /users/me` was removed"),
    Case(
        *("RT101", [ME, USER], [USER], "GET /users/me", "`GET /users/me` was removed"),
        title="another route answers now",
    ),
    Case(
        *("RT101", [R("/a", "f")], [R("/b", "f")], "GET /a", "`GET /a` moved to `/b`"),
        title="a move is a move",
    ),
    Case(
        *("RT101", [R("/a", "f", deprecated=True, sunset="2030-01-01")], []),
        *("GET /a", "`GET /a` was removed", "safe"),
        title="after its sunset",
    ),
    Case(
        *("RT102", [R("/u", "f", methods=["GET", "POST"])], [R("/u", "f")]),
        *("POST /u", "`/u` no longer answers POST"),
    ),
    Case(
        *("RT102", [R("/u", "f", methods=["GET", "POST"])], [R("/u", "f", methods=["POST"])]),
        *("GET /u", "`/u` no longer answers GET"),
        title="GET takes HEAD along",
    ),
    Case(
        *("RT103", [R("/u", "f", methods=["HEAD", "POST"])], [R("/u", "f", methods=["POST"])]),
        *("HEAD /u", "`/u` no longer answers HEAD"),
    ),
    Case("RT104", [ME], [ME, R("/v2", "v")], "GET /v2", "`GET /v2` was added"),
    Case(
        *("RT104", [ME], [ME, M("/api", "api", API)], "GET /api/x"),
        *("`apps:api` was mounted at `/api`, with 3 routes",),
        routes=3,
        title="a new mount is one finding",
    ),
    Case(
        *("RT104", [M("/api", "api", [R("/x", "x")]), R("/api/late", "late")]),
        *([R("/api/late", "late"), M("/api", "api", [R("/x", "x")])], "GET /api/late"),
        *("the mount `/api` no longer takes requests of `/api/late`",),
        title="a mount moved below what it swallowed",
    ),
    Case(
        *("RT105", [R("/u", "f")], [R("/u", "f", methods=["GET", "POST"])]),
        *("POST /u", "`/u` answers POST now"),
    ),
    Case(
        *("RT105", [R("/u", "f")], [R("/u", "f"), R("/u", "g", methods=["PUT"])]),
        *("PUT /u", "`PUT /u` was added"),
        title="by a second route",
    ),
    Case(
        *("RT106", [ME], [USER, ME], "GET /users/me"),
        *("`GET /users/{id}` was added and takes all requests of `/users/me`",),
    ),
    Case(
        *("RT107", [USER], [USER, ME], "GET /users/me"),
        *("`GET /users/me` was added and can never answer",),
    ),
    Case(
        *("RT107", [M("/api", "api", API)], [M("/api", "api", [*API, R("", "no")])], None),
        *("`GET /api` was added and can never answer",),
        title="an empty path below a mount",
        proof="structural",
    ),
    Case(
        "RT201",
        [R("/u", "f")],
        [R("/u", "g")],
        "GET /u",
        "runs `views:g` instead of",
        contract="wire",
    ),
    Case(
        *("RT201", [R("/u", "f", name="n")], [R("/u", "g", name="n")], "GET /u"),
        *("runs `views:g` instead of", "breaking", "strict"),
        title="strict",
    ),
    Case(
        *("RT202", [ME, USER], [USER, ME], "GET /users/me"),
        *("`/users/{id}` moved above `/users/me`",),
    ),
    Case(
        *("RT202", [ME, R("/users/all", "all"), USER], [R("/users/all", "all"), USER, ME]),
        *("GET /users/me", "`/users/me` moved below `/users/{id}`"),
        title="the one that moved is named",
    ),
    Case(
        *("RT203", [R("/f/{name}", "f")], [R("/f/{n:int}", "g"), R("/f/{name}", "f")], "GET /f/7"),
        *("`GET /f/{n:int}` was added and takes some requests of `/f/{name}`",),
    ),
    Case(
        *("RT203", [R("/f/{n:int}", "g"), R("/f/{name}", "f")]),
        *([R("/f/{n:float}", "g"), R("/f/{name}", "f")], "GET /f/7.5"),
        *("`GET /f/{n:float}` changed and takes some requests of `/f/{name}`",),
        title="widened",
    ),
    Case(
        *(
            "RT210",
            [R("/u", "f", digest="d")],
            [R("/u", "f", digest="d", module="other")],
            "GET /u",
        ),
        *("`views:f` moved to `other:f`",),
        contract="strict",
    ),
    Case(
        *("RT301", [USER], [R("/users/{id:int}", "user")], "GET /users/abc"),
        *("`GET /users/{id}` became `/users/{id:int}`",),
    ),
    Case(
        *("RT301", [R("/n/{x:float}", "n")], [R("/n/{x:int}", "n")], "GET /n/7.5"),
        *("`GET /n/{x:float}` became `/n/{x:int}`",),
        title="float to int",
    ),
    Case(
        *("RT302", [R("/users/{id:int}", "user")], [USER], "GET /users/abc"),
        *("`GET /users/{id:int}` became `/users/{id}`",),
    ),
    Case(
        *("RT303", [R("/o/{id:int}", "o")], [R("/o/{id:uuid}", "o")], "GET /o/7"),
        *("`GET /o/{id:int}` became `/o/{id:uuid}`",),
    ),
    Case(
        *("RT304", [R("/p/{a:float}", "p")], [R("/p/{a:decimal}", "p")], "GET /p/7"),
        *("`/p/{a:float}` became `/p/{a:decimal}`", "safe", "names"),
    ),
    Case(
        *("RT304", [R("/p/{a:float}", "p")], [R("/p/{a:decimal}", "p")], "GET /p/7"),
        *("`/p/{a:float}` became `/p/{a:decimal}`", "risky", "schema"),
        title="the schema tells",
    ),
    Case(
        *("RT305", [USER], [R("/users/{user_id}", "user")], "GET /users/abc"),
        *("`/users/{id}` became `/users/{user_id}`",),
    ),
    Case(
        *("RT306", [R("/u/{id}", "u")], [R("/u/me", "u")], "GET /u/abc"),
        *("`GET /u/{id}` became `/u/me`",),
        contract="wire",
    ),
    Case(
        *("RT306", [R("/u/me", "u")], [R("/u/{id}", "u")], "GET /u/abc"),
        *("`GET /u/me` became `/u/{id}`", "safe", "wire"),
        title="a literal widened",
    ),
    Case(
        *("RT307", [R("/tail/", "t")], [R("/tail", "t")], "GET /tail/"),
        *("`GET /tail/` became `/tail`",),
    ),
    Case(
        *("RT308", [R("/Users", "u")], [R("/users", "u")], "GET /Users"),
        *("`GET /Users` became `/users`",),
    ),
    Case(
        *("RT308", [R("/a b", "u")], [R("/a%20b", "u")], "GET /a%20b"),
        *("`GET /a b` became `/a%20b`",),
        title="encoding",
    ),
    Case(
        *("RT311", [R("/q", "q")], [R("/q", "q", views=views(query("a", "str")))], None),
        *("`GET /q` requires a new query parameter `a`",),
    ),
    Case(
        *("RT312", [R("/q", "q", views=views(query("a", "int", "0")))]),
        *([R("/q", "q", views=views(query("a", "int")))], None),
        *("`GET /q` requires the query parameter `a`",),
    ),
    Case(
        *("RT312", [R("/q", "q", views=views(query("a", "str")))]),
        *([R("/q", "q", views=views(query("a", "int")))], None),
        *("`GET /q` takes `a: int` where it took `a: str`",),
        title="narrowed",
    ),
    Case(
        *("RT312", [R("/q", "q", views=views(query("a", "Literal['x', 'y']")))]),
        *([R("/q", "q", views=views(query("a", "Literal['x']")))], None),
        *("`GET /q` takes `a: Literal['x']` where it took",),
        title="a literal went",
    ),
    Case(
        *("RT313", [R("/q", "q", views=views(query("a", "str", "''")))], [R("/q", "q")], None),
        *("`GET /q` no longer reads the query parameter `a`",),
    ),
    Case(
        *("RT314", [R("/q", "q")], [R("/q", "q", views=views(query("a", "int", "1")))], None),
        *("`GET /q` reads a new query parameter `a`",),
    ),
    Case(
        *("RT315", [R("/q", "q", views=views(query("a", "int", "10")))]),
        *([R("/q", "q", views=views(query("a", "int", "50")))], None),
        *("`GET /q` has `a=50` where it had `a=10`",),
    ),
    Case(
        *("RT321", [R("/q", "q", views=views(body("m:Item")))]),
        *([R("/q", "q", views=views(body("m:NewItem")))], None),
        *("`GET /q` takes the body `m:NewItem` where it took `m:Item`",),
    ),
    Case(
        *("RT321", [R("/q", "q")], [R("/q", "q", views=views(body("m:Item")))], None),
        *("`GET /q` reads a body, `m:Item`",),
        title="came",
    ),
    Case(
        *("RT321", [R("/q", "q", views=views(body("m:Item")))], [R("/q", "q")], None),
        *("`GET /q` no longer reads a body", "risky"),
        title="went",
    ),
    Case(
        *("RT401", [R("/u", "f", name="user")], [R("/u", "f", name="person")], None),
        *("the name `user` is gone: `GET /u` is called `person` now",),
    ),
    Case(
        *("RT402", [R("/u", "me", digest="d")], [R("/u", "get_me", digest="d")], None),
        *("the name `me` is gone: `GET /u` is called `get_me` now",),
    ),
    Case(
        *("RT402", [R("/u", "me", digest="d")], [R("/u", "get_me", digest="e")], None),
        *("the name `me` is gone: `GET /u` is called `get_me` now",),
        title="with another body, and the handler",
        below=False,
    ),
    Case(
        *("RT403", [R("/b", "g", name="n")]),
        *([R("/a", "f", name="n"), R("/b", "g", name="n")], None),
        *("the name `n` resolves to `/a`, and did to `/b`",),
        title="and the new route",
        below=False,
    ),
    Case(
        *("RT404", [R("/u/{id}", "u")], [R("/o/{org}/u/{id}", "u")], None),
        *("the name `u` has other parameters: `org` is needed",),
        title="and the move",
        below=False,
    ),
    Case(
        *("RT501", [M("/api", "api", API)], [M("/api/v1", "api", API)], "GET /api/x"),
        *("the mount `/api` moved to `/api/v1`, with 3 routes",),
        routes=3,
    ),
    Case(
        *("RT502", [M("/admin", "admin", API)], [], "GET /admin/x"),
        *("the mount `/admin` was removed, with 3 routes",),
        routes=3,
    ),
    Case(
        *("RT502", [M("/admin", "admin", API)], [M("/admin", "files", None)], "GET /admin/x"),
        *("`apps:admin` at `/admin` was replaced by `apps:files`", "risky"),
        title="by a foreign application",
        proof="unproven",
        routes=3,
    ),
    Case(
        *("RT502", [M("/static", "files", None)], [], "GET /static"),
        *("the mount `/static` was removed",),
        title="a foreign one",
    ),
    Case(
        *("RT503", [R("/api/late", "l")], [M("/api", "api", API), R("/api/late", "l")]),
        *("GET /api/late", "the mount `/api` was added before `/api/late`, and takes its requests"),
    ),
    Case(
        *("RT503", [R("/api/late", "l"), M("/api", "api", API)]),
        *([M("/api", "api", API), R("/api/late", "l")], "GET /api/late"),
        *("the mount `/api` stands before `/api/late`, and takes its requests",),
        title="moved",
    ),
    Case(
        *("RT504", [M("/api", "api", API, "api")], [M("/api", "api", API, "v1")], None),
        *("the mount `api` at `/api` is `v1` now",),
    ),
    Case(
        *("RT511", [R("/feed", "f")], [R("/feed", "f", "websocket", [])], "GET /feed"),
        *("`/feed` changed from HTTP to websocket",),
    ),
    Case(
        *("RT512", [implicit("/docs/", "docs")], [], "GET /docs/", "`GET /docs/` was removed"),
    ),
    Case(
        *("RT512", [implicit("/schema/", "schema")], [implicit("/openapi/", "schema")]),
        *("GET /schema/", "`/schema/` moved to `/openapi/`"),
        title="moved",
    ),
    Case(
        *("RT602", [R("/u", "u", views=views(returns="m:User"))]),
        *([R("/u", "u", views=views(returns="m:UserV2"))], None),
        *("`GET /u` returns `m:UserV2` where it returned `m:User`",),
    ),
    Case(
        *("RT602", [R("/u", "u", views=views(returns="m:User?"))]),
        *([R("/u", "u", views=views(returns="m:User"))], None),
        *("`GET /u` returns `m:User` where", "safe"),
        title="narrower is safe",
    ),
    Case(
        *("RT603", [R("/u", "u")], [R("/u", "u", include_in_schema=False)], None),
        *("`GET /u` is hidden from the schema",),
    ),
    Case(
        *("RT603", [R("/u", "u", include_in_schema=False)], [R("/u", "u")], None),
        *("`GET /u` is shown in the schema", "safe"),
        title="shown",
    ),
    Case(
        *("RT701", [R("/u", "u")], [R("/u", "u", deprecated=True, sunset="2031-01-01")], None),
        *("`GET /u` is deprecated, and may go after 2031-01-01",),
    ),
    Case(
        *("RT702", [R("/u", "u", deprecated=True, sunset="2031-01-01")], [], "GET /u"),
        *("`GET /u` was removed, and its sunset is 2031-01-01",),
    ),
    Case(
        *("RT702", [R("/u", "u", deprecated=True, sunset="2031-01-01")]),
        *([R("/u", "u", deprecated=True, sunset="2030-12-01")], None),
        *("`GET /u` has its sunset at 2030-12-01, and had it at 2031-01-01",),
        title="moved forward",
    ),
    Case(
        *("RT901", [ME], [ME, SiteSpec()], None),
        *("`shop/plugins.py` registers routes that its source does not tell (loop-over-unknown)",),
    ),
    Case(
        *("RT902", [ME], [ME, SiteSpec("unresolved-import")], None),
        *("`shop/plugins.py` registers routes that its source does not tell (unresolved-import)",),
    ),
    Case(
        *("RT904", [ME], [ME, SiteSpec("condition-unknown")], None),
        *("`shop/plugins.py` registers routes that its source does not tell (condition-unknown)",),
    ),
]


def found(case: Case, contract: Level) -> list[Finding]:
    return list(compare(build(case.base), build(case.head), contract, TODAY).findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.title}".strip())
def test_a_change_has_its_rule(case: Case) -> None:
    about = rule(case.rule)
    findings = found(case, case.contract)
    if "and the" in case.title:
        finding = next(each for each in findings if each.rule == case.rule)
    else:
        assert [each.rule for each in findings] == [case.rule]
        finding = findings[0]
    assert case.message in finding.message
    assert (str(finding.witness) if finding.witness else None) == case.witness
    assert finding.severity == (case.severity or about.severity)
    assert finding.proof == (case.proof or about.proof)
    assert finding.routes == case.routes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.title}".strip())
def test_a_contract_below_is_silent(case: Case) -> None:
    level = LEVELS.index(rule(case.rule).level)
    if level and case.below:
        lower = [each.rule for each in found(case, LEVELS[level - 1])]
        assert case.rule not in lower
        # The wire contract has something to say only of the routes themselves.
        assert level == 1 or not lower


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.title}".strip())
def test_the_reverse_is_not_silent_either(case: Case) -> None:
    """What changes in one direction changes in the other, whatever it is called there."""
    back = compare(build(case.head), build(case.base), case.contract, TODAY).findings
    quiet = {"RT107", "RT312", "RT314", "RT403", "RT701", "RT702", "RT901", "RT902", "RT904"}
    assert back or case.rule in quiet


def test_every_rule_that_diff_reports_has_a_case() -> None:
    reported = {each.id for each in RULES if each.reported_by == "diff"}
    # RT200 is for what no rule names, and RT903 for a comparison that was given up: see below.
    assert {case.rule for case in CASES} == reported - {"RT200", "RT903"}


def test_ids_and_slugs_are_unique() -> None:
    assert len({each.id for each in RULES}) == len({each.slug for each in RULES}) == len(RULES)


def test_what_no_rule_names_is_reported_all_the_same() -> None:
    """RT200: a 405 became a 404, because a route without methods stands below another mount."""
    silent = R("/x", "f", methods=[])
    base: list[Spec] = [M("/7", "a", [silent]), M("/{n:int}", "b", [])]
    head: list[Spec] = [M("/{n:int}", "b", []), M("/7", "a", [silent])]
    finding = compare(build(base), build(head), "wire").findings
    assert [(each.rule, str(each.witness)) for each in finding] == [("RT200", "GET /7/x")]


def test_reordering_without_effect_is_no_finding() -> None:
    """RT204 is never reported."""
    base: list[Spec] = [R("/a", "f"), R("/b/{x}", "g"), R("/c", "h", methods=["POST"])]
    for contract in LEVELS:
        assert not compare(build(base), build(base[::-1]), contract).findings


def test_one_cause_is_one_finding() -> None:
    """A mount of forty routes that moved is one finding that counts them."""
    routes: list[Spec] = [R(f"/r{number}/{{id:int}}", f"f{number}") for number in range(40)]
    base: list[Spec] = [M("/api", "api", [M("/v1", "v1", routes)])]
    head: list[Spec] = [M("/api", "api", [M("/v2", "v1", routes)])]
    findings = compare(build(base), build(head), "strict").findings
    assert [(each.rule, each.routes) for each in findings] == [("RT501", 40)]
    assert "and 34 more" in findings[0].detail[0]


def test_a_prefix_that_changed_is_one_finding() -> None:
    """Without any mount: the routes only begin with one constant."""

    def routes(prefix: str) -> list[Spec]:
        return [R(f"{prefix}/r{number}/{{id:int}}", f"f{number}") for number in range(40)]

    findings = compare(build(routes("/api")), build(routes("/v1/public")), "names").findings
    assert [(each.rule, each.routes, each.message) for each in findings] == [
        ("RT101", 40, "`/api` became `/v1/public` for 40 routes")
    ]
    assert len(findings[0].examples) == 5
    fewer = compare(build(routes("/api")[:2]), build(routes("/v1")[:2]), "names").findings
    assert [each.rule for each in fewer] == ["RT101", "RT101"]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("'a'", '"a"', False),
        ("10_000", "10000", False),
        ("Colour.RED", "models.Colour.RED", False),
        ("Colour.RED", "Colour.BLUE", True),
        ("1", "True", True),
        ("1", "1.0", True),
        ("now()", "now()", False),
        ("now()", "later()", True),
        ("'a.b'", "'c.b'", True),
    ],
)
def test_defaults_are_compared_as_values(was: str, now: str, told: bool) -> None:
    base, head = (
        build([R("/q", "q", views=views(query("a", "str", default)))]) for default in (was, now)
    )
    assert [each.rule for each in compare(base, head).findings] == ["RT315"] * told


def test_a_dynamic_site_before_the_answer_leaves_nothing_proved() -> None:
    base: list[Spec] = [SiteSpec(), ME, USER]
    head: list[Spec] = [SiteSpec(), USER, ME]
    result = compare(build(base), build(head))
    assert not result.exact
    assert [(each.rule, each.proof, each.severity) for each in result.findings] == [
        ("RT202", "unproven", "risky")
    ]
    behind = compare(build([*base[1:], base[0]]), build([*head[1:], head[0]]))
    assert [(each.rule, each.proof) for each in behind.findings] == [("RT202", "witnessed")]


def test_a_bound_is_told_and_never_passed_over() -> None:
    base: list[Spec] = [R(f"/a{number}/{{x}}", "f") for number in range(50)]
    head: list[Spec] = [R(f"/a{number}/{{x}}", "g") for number in range(50)]
    result = compare(build(base), build(head), bound=20)
    assert result.bounded == "the routes overlap in more ways than the bound of 20 lets us compare"
    assert not result.exact and 1 < len(result.findings) < 50
    assert [each.severity for each in result.findings if each.rule == "RT903"] == ["risky"]
    assert compare(build(base), build(head), bound=10_000).exact


def test_an_adversarial_table_is_bounded() -> None:
    """Literal or parameter at each of thirty levels: a billion classes."""
    level = ["{p}", "a"]
    base: list[Spec] = []
    for place in range(30):
        parts = [level[at == place].replace("p", f"p{at}") for at in range(30)]
        base.append(R("/" + "/".join(parts), f"f{place}"))
    result = compare(build(base), build(base[::-1]), bound=2_000)
    assert result.bounded is not None


def test_duplicates_are_legal_and_ordered() -> None:
    base: list[Spec] = [R("/a", "f"), R("/a", "g"), R("/a", "f")]
    assert not compare(build(base), build(base), "strict").findings
    findings = compare(build(base), build([base[1], base[0], base[2]]), "wire").findings
    assert [(each.rule, each.examples[0].was, each.examples[0].now) for each in findings]
    assert {each.rule for each in findings} == {"RT202"}


def test_late_handlers_claim_nothing() -> None:
    """Which object a late handler is, only the application tells; the route decides."""
    late: list[Spec] = [
        R("/a", "make.<locals>.f", late=True),
        R("/b", "make.<locals>.f", late=True),
    ]
    other: list[Spec] = [R("/a", "build.<locals>.g", late=True), late[1]]
    for route in (*late, *other):
        assert isinstance(route, RouteSpec)
        route.name = "n"
    assert not compare(build(late), build(other), "strict").findings


def test_severity_of_a_rule_follows_from_proof() -> None:
    for each in RULES:
        assert each.proof != "unproven" or each.severity != "breaking", each.id
