"""Make the virtual environment and install one lock file into it.

    python3.11 tools/bootstrap.py .venv requirements.txt

Standard library only: on a fresh Debian there is neither pip nor ensurepip. The packages are
installed by uv, which is several times faster, with the same index, mirror and hashes that pip is
configured with; where uv does not run, by pip itself.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

NO_PIP = (
    "pip を用意できませんでした。apt-get install python3-venv を実行してから、もう一度お試しください。 "
    "pip could not be prepared: install Debian's python3-venv and try again."
)


def main(target: str, *locks: str) -> int:
    """Create `target` if it is not there (or was made by another Python), then install every lock
    into it.
    """
    here = pathlib.Path(target).absolute()
    python = here / "bin" / "python"
    if not works(python):
        shutil.rmtree(here, ignore_errors=True)
        create(here)
    if not locks:
        return 0
    return install(python, locks)


def works(python: pathlib.Path) -> bool:
    """Is there a pip in this environment, and does its Python still run?"""
    try:
        return (
            subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
        )
    except OSError:
        return False


def create(here: pathlib.Path) -> None:
    """A virtual environment with pip, from whatever this machine has: ensurepip, an installed pip,
    a wheel, or apt.
    """
    with_ensurepip = importlib.util.find_spec("ensurepip") is not None
    venv.create(here, with_pip=with_ensurepip, symlinks=True)
    if with_ensurepip:
        return
    with tempfile.TemporaryDirectory() as folder:
        for wheel in itertools.chain(
            pathlib.Path("/usr/share/python-wheels").glob("pip-*.whl"), wheels_by_apt(folder)
        ):
            arguments: list[str | pathlib.Path] = [
                here / "bin/python",
                f"{wheel}/pip",
                "install",
                "-q",
                "--no-index",
                wheel,
            ]
            if subprocess.run(arguments, capture_output=True).returncode == 0:
                return
    shutil.rmtree(here, ignore_errors=True)
    sys.exit(NO_PIP)


def wheels_by_apt(folder: str):
    """Fetch Debian's pip wheel into `folder` with apt's own signature check; needs no rights and
    installs nothing.
    """
    state = pathlib.Path(folder) / "apt"
    for part in ("lists/partial", "archives/partial"):
        (state / part).mkdir(parents=True)
    options = [
        "-qq",
        f"-oDir::State::lists={state}/lists",
        f"-oDir::Cache={state}",
        "-oAPT::Sandbox::User=",
    ]
    for command in (
        ["apt-get", *options, "update"],
        ["apt-get", *options, "download", "python3-pip-whl"],
    ):
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return
    for package in pathlib.Path(folder).glob("python3-pip-whl_*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    yield from pathlib.Path(folder).glob("usr/share/python-wheels/pip-*.whl")


def install(python: pathlib.Path, locks: tuple[str, ...]) -> int:
    """Install the locked packages, each checked against its hash. uv stays in a temporary folder:
    it is large.
    """
    wanted = [word for lock in locks for word in ("-r", lock)]
    pip: list[str | pathlib.Path] = [python, "-m", "pip", "install", "-qq", "--require-hashes"]
    with tempfile.TemporaryDirectory() as folder:
        lock = pathlib.Path(__file__).with_name("uv.txt")
        if (
            subprocess.run(
                [*pip, "--no-deps", "--target", folder, "-r", lock], env=quiet()
            ).returncode
            == 0
        ):
            uv = [
                f"{folder}/bin/uv",
                "pip",
                "install",
                "-q",
                "--require-hashes",
                "--compile-bytecode",
            ]
            if (
                subprocess.run(
                    [*uv, "--python", str(python), *wanted], env=as_pip(python)
                ).returncode
                == 0
            ):
                return 0
    print(
        "uv では導入できなかったため、pip で導入します。 uv did not do it; installing with pip.",
        file=sys.stderr,
    )
    return subprocess.run([*pip, *wanted], env=quiet()).returncode


def quiet() -> dict[str, str]:
    """Run pip without its remarks about itself."""
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def as_pip(python: pathlib.Path) -> dict[str, str]:
    """The environment that lets uv use the index, mirrors and certificates which pip is configured
    with.
    """
    # Like pip, take a package from whichever index has the locked version; the hash says that it is
    # the right one.
    env = {"UV_INDEX_STRATEGY": "unsafe-best-match", **os.environ}
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    listing = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, env=quiet()
    ).stdout
    for line in listing.splitlines():
        key, _, value = line.partition("=")
        name = names.get(key.partition(".")[2].lstrip("."))
        values = [
            part for part in value.strip("'\"").replace("\\n", " ").split() if reachable(part)
        ]
        if name and values:
            env.setdefault(name, " ".join(values))
    return env


def reachable(value: str) -> bool:
    """Leave out a folder that is configured but not there: pip passes over it, uv would stop."""
    return (
        not value.startswith(("file:", "/")) or pathlib.Path(value.removeprefix("file://")).exists()
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
