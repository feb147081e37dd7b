"""What the machine that runs the tests allows; a test that needs more does not exist there."""

import os
import shutil
import subprocess


def _may_mount() -> bool:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


ROOT = os.geteuid() == 0
MAY_MOUNT = _may_mount()  # root in a container usually may not
