"""FC1xx: what the source does not tell, because it cannot be read or is only known at run time."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

_WAYS_OUT = """
        There are three ways out. Make it literal, as the help says. Or declare what it is: under
        `[tool.flama-compile.constants]` a name of a module gets its value, and
        `[[tool.flama-compile.dynamic]]` with `file` and `reason` accepts what a file does. Or mark
        the line with `# flama-compile: dynamic`. What is declared or marked is left to the
        interpreted router, at its place in the order; nothing is moved past it.
        """

CODES: tuple[Code, ...] = (
    Code(
        "FC101",
        "invalid-syntax",
        "error",
        "file is not valid Python",
        """
        Python cannot compile this file, so the application cannot be imported. The message is
        Python's own.
        """,
        "app = Flama(",
    ),
    Code(
        "FC102",
        "dynamic-path",
        "error",
        "route path is not known before the app runs",
        """
        A route is registered under a path that depends on something which only the running
        application knows: the environment, a settings object, the result of a call that we cannot
        see. Its place among the other routes is known, its path is not.""" + _WAYS_OUT,
        'app.add_get(os.environ["PREFIX"] + "/items", index)',
        exit=2,
    ),
    Code(
        "FC103",
        "wrong-encoding",
        "error",
        "file cannot be decoded",
        """
        The bytes of the file are not valid in the encoding that it declares, or in UTF-8 if it
        declares none. Python would refuse it too.
        """,
        "# -*- coding: no-such-encoding -*-",
    ),
    Code(
        "FC104",
        "nested-too-deeply",
        "error",
        "file is nested too deeply",
        """
        Expressions or blocks of this file are nested more deeply than Python's own compiler takes.
        """,
        "x = ((((((((((…))))))))))",
    ),
    Code(
        "FC105",
        "unreadable-file",
        "error",
        "file cannot be read",
        """
        The file of an imported module exists, but the operating system does not let us read it: its
        permissions forbid it, or its symbolic link leads in a circle.
        """,
        "import shop.secret  # shop/secret.py has mode 000",
    ),
    Code(
        "FC106",
        "unknown-marker",
        "warning",
        "comment is no instruction that we know",
        """
        A comment that begins with `flama-compile:` is `dynamic`, which leaves what the line
        registers to the application, or `ignore[CODE]`, which silences warnings of the line. This
        one is neither, or names a code that does not exist or is an error, so it has no effect.
        """,
        'app.add_get("/items", index)  # flama-compile: ignore[FC999]',
    ),
    Code(
        "FC110",
        "dynamic-methods",
        "error",
        "route methods are not known before the app runs",
        """
        The methods of a route depend on something that only the running application knows. They
        decide which requests the route answers.""" + _WAYS_OUT,
        '@app.route("/items/", methods=os.environ["VERBS"].split(","))\ndef items(): ...',
        exit=2,
    ),
    Code(
        "FC111",
        "dynamic-registration",
        "error",
        "routes are registered under a condition that is not known",
        """
        Whether, or how often, routes are registered here depends on a condition or on a loop over
        something that only the running application knows.""" + _WAYS_OUT,
        'if os.environ.get("DEBUG"):\n    app.add_get("/debug/", debug)',
        exit=2,
    ),
    Code(
        "FC112",
        "unknown-call",
        "error",
        "an application is handed to code that cannot be seen",
        """
        A function of another package, or one that is computed, receives the application. It may
        register any route.""" + _WAYS_OUT,
        "admin_package.install(app)",
        exit=2,
    ),
    Code(
        "FC113",
        "computed-code",
        "error",
        "code that is computed may register routes",
        """
        `exec` or `eval` runs text as code while the application is being built.""" + _WAYS_OUT,
        'exec(open("routes.txt").read())',
        exit=2,
    ),
    Code(
        "FC114",
        "monkeypatched-application",
        "error",
        "the application is changed from outside",
        """
        A method or the list of routes of an application, or of the framework's classes, is replaced
        or edited. What is registered from here on is not what the calls say.""" + _WAYS_OUT,
        "app.add_route = noisy_add_route",
        exit=2,
    ),
    Code(
        "FC115",
        "unknown-application",
        "error",
        "the mounted application is not known",
        """
        What is mounted is only known at run time. It may be one of our applications, whose routes
        would belong into the table.""" + _WAYS_OUT,
        'app.mount("/admin", load_application("admin"))',
        exit=2,
    ),
    Code(
        "FC116",
        "unknown-routes",
        "error",
        "the list of routes is not known",
        """
        An application is given a list of routes that only the running application knows."""
        + _WAYS_OUT,
        "app = Flama(routes=load_routes())",
        exit=2,
    ),
    Code(
        "FC117",
        "analysis-bounded",
        "error",
        "the analysis was given up",
        """
        Building the application takes more steps than we are willing to follow. Loops of up to
        20,000 rounds are followed.""",
        "while True:\n    app.add_get(next(paths), view)",
        exit=2,
    ),
    Code(
        "FC118",
        "unknown-receiver",
        "error",
        "routes are registered on an application that is not known",
        """
        A method that registers routes is called on something that only the running application
        knows. It may be any of the applications.""" + _WAYS_OUT,
        '@registry.current().route("/items/")\ndef items(): ...',
        exit=2,
    ),
)
