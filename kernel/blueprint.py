"""The map of the kernel's own pages."""

from __future__ import annotations

from kernel import exports, home, labels
from kernel.audit import views as audit
from kernel.auth import labels as auth_labels
from kernel.auth.permissions import P
from kernel.auth.queries import subject as user_subject
from kernel.auth.views import account, users
from kernel.downloads import labels as downloads_labels
from kernel.downloads import views as downloads
from kernel.errands import labels as errands_labels
from kernel.files import labels as files_labels
from kernel.i18n import _l
from kernel.notices import views as notices
from kernel.parties import labels as parties_labels
from kernel.parties import views as parties
from kernel.parties.queries import subject as organisation_subject
from kernel.parties.queues import review_count, review_queue
from kernel.routes import Api, Pages
from kernel.rulebooks import labels as rulebook_labels
from kernel.web import NavItem, home_queue, nav_item, subject_link

NAMED = (
    exports,
    labels,
    auth_labels,
    parties_labels,
    downloads_labels,
    errands_labels,
    files_labels,
    rulebook_labels,
)  # they register names
pages = Pages("kernel", "kernel", prefix="")
api = Api("kernel")

pages.add("home", "/", home.index, P.PUBLIC)
pages.add("language", "/language/<locale>", home.language, P.PUBLIC)
pages.add("health", "/health", home.health, P.PUBLIC)
pages.add("notices", "/notices", notices.index, P.SIGNED_IN)
pages.add("notices_read", "/notices/read", notices.read, P.SIGNED_IN, methods=("POST",))

pages.add("export", "/exports/<name>", downloads.give, P.PUBLIC)  # each table names its own permission
pages.add("downloads", "/downloads", downloads.index, P.SIGNED_IN)
pages.add("download_new", "/downloads/new/<name>", downloads.new, P.SIGNED_IN)
pages.add("download_ask", "/downloads/new/<name>", downloads.ask, P.SIGNED_IN, methods=("POST",), again=downloads.new)
pages.add("download_state", "/downloads/<int:download_id>/state", downloads.state, P.SIGNED_IN)
pages.add("download_file", "/downloads/<int:download_id>/file", downloads.content, P.SIGNED_IN)
pages.add("download_drop", "/downloads/<int:download_id>/drop", downloads.drop, P.SIGNED_IN, methods=("POST",))

pages.add("sign_in", "/sign-in", account.sign_in, P.PUBLIC)
pages.add("sign_in_post", "/sign-in", account.sign_in_post, P.PUBLIC, methods=("POST",))
pages.add("sign_out", "/sign-out", account.sign_out, P.SIGNED_IN, methods=("POST",))
pages.add("set_password", "/set-password", account.set_password, P.PUBLIC)
pages.add(
    "set_password_post", "/set-password", account.set_password_post, P.PUBLIC, methods=("POST",),
    again=account.set_password,
)  # fmt: skip
pages.add("account", "/account", account.account, P.SIGNED_IN)
pages.add("sessions_end", "/account/sessions/end", account.sessions_end, P.SIGNED_IN, methods=("POST",))
pages.add("key_issue", "/account/keys", account.key_issue, P.SIGNED_IN, methods=("POST",), again=account.account)
pages.add("key_revoke", "/account/keys/<int:key_id>/revoke", account.key_revoke, P.SIGNED_IN, methods=("POST",))
pages.add("password", "/account/password", account.password, P.SIGNED_IN)
pages.add(
    "password_post", "/account/password", account.password_post, P.SIGNED_IN, methods=("POST",), again=account.password
)

pages.add("users", "/users", users.index, P.USER_READ)
pages.add("user", "/users/<int:user_id>", users.show, P.USER_READ)
pages.add("user_invite", "/users/invite", users.invite, P.USER_INVITE)
pages.add("user_invite_post", "/users/invite", users.invite_post, P.USER_INVITE, methods=("POST",), again=users.invite)
pages.add(
    "user_roles", "/users/<int:user_id>/roles", users.change_roles, P.USER_INVITE, methods=("POST",), again=users.show
)
pages.add("user_reset", "/users/<int:user_id>/reset", users.reset, P.USER_INVITE, methods=("POST",))
pages.add("user_deactivate", "/users/<int:user_id>/deactivate", users.deactivate, P.USER_DEACTIVATE, methods=("POST",))
pages.add("user_reactivate", "/users/<int:user_id>/reactivate", users.reactivate, P.USER_DEACTIVATE, methods=("POST",))

pages.add("organisation_apply", "/apply", parties.apply, P.ORGANISATION_APPLY)
pages.add(
    "organisation_apply_post", "/apply", parties.apply_post, P.ORGANISATION_APPLY, methods=("POST",),
    again=parties.apply,
)  # fmt: skip
pages.add("application", "/application", parties.application, P.ORGANISATION_APPLY)
pages.add(
    "organisation_resubmit", "/application", parties.resubmit, P.ORGANISATION_APPLY, methods=("POST",),
    again=parties.application,
)  # fmt: skip
pages.add("organisations", "/organisations", parties.index, P.ORGANISATION_REVIEW)
pages.add("organisation", "/organisations/<int:organisation_id>", parties.show, P.ORGANISATION_READ)
for name, view in {
    "accept": parties.accept, "return": parties.return_, "suspend": parties.suspend, "restore": parties.restore,
}.items():  # fmt: skip
    pages.add(
        f"organisation_{name}", f"/organisations/<int:organisation_id>/{name}", view, P.ORGANISATION_REVIEW,
        methods=("POST",),
    )  # fmt: skip

pages.add("audit", "/audit", audit.index, P.AUDIT_READ)
pages.add("history", "/history/<kind>/<path:identity>", audit.history, P.HISTORY_READ)

nav_item(NavItem("", _l("Work to do"), "kernel.home", "house", P.PUBLIC, order=0))
ADMINISTRATION = _l("Administration")
organisations = NavItem(
    ADMINISTRATION, _l("Organisations"), "kernel.organisations", "building", P.ORGANISATION_REVIEW, review_count, 90
)
nav_item(organisations)
nav_item(NavItem(ADMINISTRATION, _l("Users"), "kernel.users", "people", P.USER_READ, order=91))
nav_item(NavItem(ADMINISTRATION, _l("Audit trail"), "kernel.audit", "shield-check", P.AUDIT_READ, order=92))
nav_item(NavItem(_l("Data"), _l("Downloads"), "kernel.downloads", "download", P.SIGNED_IN, order=81))
nav_item(NavItem(ADMINISTRATION, _l("My account"), "kernel.account", "person", P.SIGNED_IN, order=95))
home_queue(P.ORGANISATION_REVIEW, review_queue, order=60)
subject_link("organisation", organisation_subject)
subject_link("user_account", user_subject)
