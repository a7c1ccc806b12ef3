"""A live draft in three companies' browsers at once: two choose, one lets its time run out; the agency watches."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from importers.demo.parties import PASSWORD
from kernel import clock
from kernel.auth.guard import actor_of
from kernel.auth.models import User
from kernel.auth.services.passwords import set_password
from kernel.db import Database, make_engine
from procurement.rounds.draft.services import sessions
from procurement.rounds.draft.services.sessions import Setting
from procurement.rounds.services import announcing
from tests.browser.conftest import Person, Site
from tests.browser.hands import act
from tests.procurement.rounds.scene import populate
