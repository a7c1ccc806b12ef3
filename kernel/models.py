"""Every table of the kernel, in one import."""

from kernel.answers import Answered
from kernel.audit import models as audit
from kernel.auth import models as auth
from kernel.downloads import models as downloads
from kernel.errands import models as errands
from kernel.files import models as files
from kernel.jobs import models as jobs
from kernel.notices import models as notices
from kernel.parties import models as parties

__all__ = ["Answered", "audit", "auth", "downloads", "errands", "files", "jobs", "notices", "parties"]
