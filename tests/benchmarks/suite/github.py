"""The 203 routes of GitHub's public REST API that go-http-routing-benchmark made customary.

One line per path, with its methods; a parameter stands in braces. Facts about an interface,
written down here in our own form. Paths without parameters come first ("dynamic last").
"""

from __future__ import annotations

__all__ = ["GITHUB"]

_TEXT = """
/authorizations GET POST
/events GET
/feeds GET
/notifications GET PUT
/user/starred GET
/user/subscriptions GET
/gists GET POST
/issues GET
/user/issues GET
/emojis GET
/gitignore/templates GET
/markdown POST
/markdown/raw POST
/meta GET
/rate_limit GET
/user/orgs GET
/user/teams GET
/user/repos GET POST
/repositories GET
/search/repositories GET
/search/code GET
/search/issues GET
/search/users GET
/user GET
/users GET
/user/emails GET POST DELETE
/user/followers GET
/user/following GET
/user/keys GET POST
/authorizations/{id} GET DELETE
/applications/{client_id}/tokens DELETE
/applications/{client_id}/tokens/{access_token} GET DELETE
/repos/{owner}/{repo}/events GET
/networks/{owner}/{repo}/events GET
/orgs/{org}/events GET
/users/{user}/received_events GET
/users/{user}/received_events/public GET
/users/{user}/events GET
/users/{user}/events/public GET
/users/{user}/events/orgs/{org} GET
/repos/{owner}/{repo}/notifications GET PUT
/notifications/threads/{id} GET
/notifications/threads/{id}/subscription GET PUT DELETE
/repos/{owner}/{repo}/stargazers GET
/users/{user}/starred GET
/user/starred/{owner}/{repo} GET PUT DELETE
/repos/{owner}/{repo}/subscribers GET
/users/{user}/subscriptions GET
/repos/{owner}/{repo}/subscription GET PUT DELETE
/user/subscriptions/{owner}/{repo} GET PUT DELETE
/users/{user}/gists GET
/gists/{id} GET DELETE
/gists/{id}/star GET PUT DELETE
/gists/{id}/forks POST
/repos/{owner}/{repo}/git/blobs/{sha} GET
/repos/{owner}/{repo}/git/blobs POST
/repos/{owner}/{repo}/git/commits/{sha} GET
/repos/{owner}/{repo}/git/commits POST
/repos/{owner}/{repo}/git/refs GET POST
/repos/{owner}/{repo}/git/tags/{sha} GET
/repos/{owner}/{repo}/git/tags POST
/repos/{owner}/{repo}/git/trees/{sha} GET
/repos/{owner}/{repo}/git/trees POST
/orgs/{org}/issues GET
/repos/{owner}/{repo}/issues GET POST
/repos/{owner}/{repo}/issues/{number} GET
/repos/{owner}/{repo}/assignees GET
/repos/{owner}/{repo}/assignees/{assignee} GET
/repos/{owner}/{repo}/issues/{number}/comments GET POST
/repos/{owner}/{repo}/issues/{number}/events GET
/repos/{owner}/{repo}/labels GET POST
/repos/{owner}/{repo}/labels/{name} GET DELETE
/repos/{owner}/{repo}/issues/{number}/labels GET POST PUT DELETE
/repos/{owner}/{repo}/issues/{number}/labels/{name} DELETE
/repos/{owner}/{repo}/milestones/{number}/labels GET
/repos/{owner}/{repo}/milestones GET POST
/repos/{owner}/{repo}/milestones/{number} GET DELETE
/gitignore/templates/{name} GET
/users/{user}/orgs GET
/orgs/{org} GET
/orgs/{org}/members GET
/orgs/{org}/members/{user} GET DELETE
/orgs/{org}/public_members GET
/orgs/{org}/public_members/{user} GET PUT DELETE
/orgs/{org}/teams GET POST
/teams/{id} GET DELETE
/teams/{id}/members GET
/teams/{id}/members/{user} GET PUT DELETE
/teams/{id}/repos GET
/teams/{id}/repos/{owner}/{repo} GET PUT DELETE
/repos/{owner}/{repo}/pulls GET POST
/repos/{owner}/{repo}/pulls/{number} GET
/repos/{owner}/{repo}/pulls/{number}/commits GET
/repos/{owner}/{repo}/pulls/{number}/files GET
/repos/{owner}/{repo}/pulls/{number}/merge GET PUT
/repos/{owner}/{repo}/pulls/{number}/comments GET PUT
/users/{user}/repos GET
/orgs/{org}/repos GET POST
/repos/{owner}/{repo} GET DELETE
/repos/{owner}/{repo}/contributors GET
/repos/{owner}/{repo}/languages GET
/repos/{owner}/{repo}/teams GET
/repos/{owner}/{repo}/tags GET
/repos/{owner}/{repo}/branches GET
/repos/{owner}/{repo}/branches/{branch} GET
/repos/{owner}/{repo}/collaborators GET
/repos/{owner}/{repo}/collaborators/{user} GET PUT DELETE
/repos/{owner}/{repo}/comments GET
/repos/{owner}/{repo}/commits/{sha}/comments GET POST
/repos/{owner}/{repo}/comments/{id} GET DELETE
/repos/{owner}/{repo}/commits GET
/repos/{owner}/{repo}/commits/{sha} GET
/repos/{owner}/{repo}/readme GET
/repos/{owner}/{repo}/keys GET POST
/repos/{owner}/{repo}/keys/{id} GET DELETE
/repos/{owner}/{repo}/downloads GET
/repos/{owner}/{repo}/downloads/{id} GET DELETE
/repos/{owner}/{repo}/forks GET POST
/repos/{owner}/{repo}/hooks GET POST
/repos/{owner}/{repo}/hooks/{id} GET DELETE
/repos/{owner}/{repo}/hooks/{id}/tests POST
/repos/{owner}/{repo}/merges POST
/repos/{owner}/{repo}/releases GET POST
/repos/{owner}/{repo}/releases/{id} GET DELETE
/repos/{owner}/{repo}/releases/{id}/assets GET
/repos/{owner}/{repo}/stats/contributors GET
/repos/{owner}/{repo}/stats/commit_activity GET
/repos/{owner}/{repo}/stats/code_frequency GET
/repos/{owner}/{repo}/stats/participation GET
/repos/{owner}/{repo}/stats/punch_card GET
/repos/{owner}/{repo}/statuses/{ref} GET POST
/legacy/issues/search/{owner}/{repository}/{status}/{keyword} GET
/legacy/repos/search/{keyword} GET
/legacy/user/search/{keyword} GET
/legacy/user/email/{email} GET
/users/{user} GET
/users/{user}/followers GET
/users/{user}/following GET
/user/following/{user} GET PUT DELETE
/users/{user}/following/{target_user} GET
/users/{user}/keys GET
/user/keys/{id} GET DELETE
"""

GITHUB: tuple[tuple[str, str], ...] = tuple(
    (method, line.split()[0]) for line in _TEXT.strip().splitlines() for method in line.split()[1:]
)
"""(method, path) of every route, those without parameters first."""
