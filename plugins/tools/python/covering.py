"""What `unshare` runs where there is no bubblewrap: makes a root folder that holds the system, the
working folder and what may be read, enters it, gives up every right and becomes the program.

Given to the interpreter as text, so it imports nothing of Medley's. Its words: the working folder,
the number of further folders, these folders, folders of Python, `--`, a command line.
"""

import ctypes
import os
import sys

RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC = 1, 2, 4, 8, 32, 4096, 16384
DETACH, PIVOT_ROOT = 2, {"x86_64": 155, "aarch64": 41}
NO_NEW_PRIVS, DROP_BOUNDING, MOST_CAPABILITIES = 38, 24, 64
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
SETTINGS = ("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
ROOT, WORK, SIZE = "/tmp", "/sandbox", "size=100m"
LIBC = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """As the system call; raises OSError."""
    words = [one.encode() for one in (source, target, kind)]
    if LIBC.mount(*words, ctypes.c_ulong(flags), options.encode() or None):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), target)


def show(fd: int, path: str, writable: bool = False) -> None:
    """Have what `fd` names appear at `path` below the new root."""
    target = ROOT + path
    if os.path.isdir(f"/proc/self/fd/{fd}"):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY))
    mount(f"/proc/self/fd/{fd}", target, "", BIND | REC)
    # What the system itself forbade there cannot be allowed again.
    kept = os.statvfs(target).f_flag & (NOSUID | NODEV | NOEXEC)
    mount("", target, "", REMOUNT | BIND | kept | (0 if writable else RDONLY))


def cover(path: str) -> None:
    """Have a hidden file or folder below the new root hold nothing."""
    if os.path.isdir(path):
        mount("none", path, "tmpfs", RDONLY)
    else:
        mount(f"{ROOT}/dev/null", path, "", BIND)


def enter() -> None:
    """Make the new root the only one."""
    os.chdir(ROOT)
    if LIBC.syscall(PIVOT_ROOT[os.uname().machine], b".", b"."):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "pivot_root")
    LIBC.umount2(b".", DETACH)
    mount("", "/", "", REMOUNT | BIND | RDONLY)
    os.chdir(WORK)


def give_up_rights() -> None:
    """Have no capability, now or after any program is begun."""
    LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    for capability in range(MOST_CAPABILITIES):
        LIBC.prctl(DROP_BOUNDING, capability, 0, 0, 0)
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if LIBC.capset(header, nothing):
        raise OSError(ctypes.get_errno(), "capset")


def main() -> None:
    """Cover, enter, become the program."""
    end = sys.argv.index("--")
    work, count, *folders = sys.argv[1:end]
    readable = folders[: int(count)]
    links = {path: os.readlink(path) for path in SYSTEM if os.path.islink(path)}
    plain = [path for path in SYSTEM if path not in links]
    shown = [*plain, *SETTINGS, *DEVICES, *folders[int(count) :], *readable]
    opened = {path: os.open(path, os.O_PATH) for path in shown if os.path.exists(path)}
    own, processes = os.open(work, os.O_PATH), os.open("/proc", os.O_PATH)
    mount("none", ROOT, "tmpfs", NOSUID | NODEV, SIZE)
    for path, target in links.items():
        os.symlink(target, ROOT + path)
    for path, fd in opened.items():
        show(fd, path, writable=path in DEVICES)
    for folder in readable:
        for name in os.listdir(ROOT + folder):
            if name.startswith(".") and not os.path.islink(f"{ROOT}{folder}/{name}"):
                cover(f"{ROOT}{folder}/{name}")
    os.makedirs(f"{ROOT}/proc")
    mount(f"/proc/self/fd/{processes}", f"{ROOT}/proc", "", BIND | REC)
    os.makedirs(f"{ROOT}/tmp")
    mount("none", f"{ROOT}/tmp", "tmpfs", NOSUID | NODEV, SIZE)
    show(own, WORK, writable=True)
    for fd in (*opened.values(), own, processes):
        os.close(fd)
    enter()
    give_up_rights()
    words = sys.argv[end + 1 :]
    os.execvp(words[0], words)


main()
