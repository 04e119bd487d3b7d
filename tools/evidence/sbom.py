#!/usr/bin/env python3
"""Writes a CycloneDX 1.5 bill of materials of a program, from the program itself.

What is linked is read from the program (readelf and ldd: every shared library, transitively), what
is compiled in from ninja's record of the headers that its object files read; dpkg says which Debian
package, version, source and licence each file is. Nothing is listed by hand, so nothing can be
forgotten.

Usage: sbom.py --binary FILE --build FOLDER --name NAME --version VERSION --out FILE
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
DISTRO = "debian-12"
# Machine-readable licence names of Debian, as SPDX knows them.
SPDX = {
    "expat": "MIT", "mit": "MIT", "isc": "ISC", "zlib": "Zlib", "curl": "curl",
    "apache-2.0": "Apache-2.0", "apache-2": "Apache-2.0", "asl-2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0", "bsl-1.0": "BSL-1.0", "boost-1.0": "BSL-1.0",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "openldap": "OLDAP-2.8",
    "openldap-2.8": "OLDAP-2.8",
    "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only",
    "gpl-3+": "GPL-3.0-or-later", "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later",
    "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
}  # fmt: skip
# The paragraph of a Debian copyright file that speaks of the whole package, and its licence.
WHOLE_PACKAGE = re.compile(r"^Files:[ \t]*\*[ \t]*$(.*?)(?:\n[ \t]*\n|\Z)", re.M | re.S)
LICENSE = re.compile(r"^License:[ \t]*(\S.*?)[ \t]*$", re.M)


@dataclass
class Package:
    name: str
    version: str
    source: str
    source_version: str
    architecture: str
    libraries: list[Path] = field(default_factory=list)  # shared libraries the program loads
    headers: int = 0  # headers compiled into the program

    @property
    def purl(self) -> str:
        version = quote(self.version, safe="")
        return f"pkg:deb/debian/{self.name}@{version}?arch={self.architecture}&distro={DISTRO}"


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def loaded_libraries(binary: Path) -> dict[str, Path]:
    """Shared object name to the file that the loader takes for it, transitively."""
    libraries: dict[str, Path] = {}
    for line in output_of("ldd", str(binary)).splitlines():
        found = re.match(r"\s*(\S+) => (/\S+) \(", line) or re.match(r"\s*((/\S+)) \(", line)
        if found:
            libraries[Path(found.group(1)).name] = Path(found.group(2))
        elif "not found" in line:
            raise RuntimeError(f"{binary} does not load: {line.strip()}")
    return libraries


def needed_by(file: Path) -> list[str]:
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output_of("readelf", "-dW", str(file)))


def compiled_headers(build: Path, binary: Path) -> set[str]:
    """System headers that the object files of the program read, from ninja's dependency log."""
    target = binary.resolve().relative_to(build.resolve()).as_posix()
    inputs = set(output_of("ninja", "-C", str(build), "-t", "inputs", target).splitlines())
    headers: set[str] = set()
    wanted = False
    for line in output_of("ninja", "-C", str(build), "-t", "deps").splitlines():
        if line and not line.startswith(" "):
            wanted = line.split(":", 1)[0] in inputs
        elif wanted and line.strip().startswith("/usr/"):
            headers.add(line.strip())
    return headers


def owners(files: list[str]) -> dict[str, str]:
    """File to the package that owns it; files that no package owns are left out."""
    candidates: dict[str, str] = {}  # spelling of the path to the file asked for
    for file in files:
        real = str(Path(file).resolve())
        for spelling in {file, real, real.removeprefix("/usr")}:
            candidates.setdefault(spelling, file)
    answer = subprocess.run(
        ["dpkg", "-S", *sorted(candidates)], capture_output=True, text=True
    ).stdout
    found: dict[str, str] = {}
    for line in answer.splitlines():
        packages, separator, path = line.rpartition(": ")
        if separator and path in candidates and not line.startswith("diversion"):
            found[candidates[path]] = packages.split(",")[0].strip()
    return found


def describe(names: list[str]) -> dict[str, Package]:
    fields = "${binary:Package}\t${Package}\t${Version}\t${source:Package}\t${source:Version}\t"
    answer = output_of("dpkg-query", "-W", f"-f={fields}${{Architecture}}\n", *names)
    packages = {}
    for line in answer.splitlines():
        key, *rest = line.split("\t")
        packages[key] = packages[rest[0]] = Package(*rest)
    return packages


def licenses_of(package: str) -> list[Json]:
    """The licences that the package's copyright file names: those of `Files: *` when it has that
    paragraph, otherwise all."""
    page = Path("/usr/share/doc") / package / "copyright"
    if not page.is_file():
        return []
    text = page.read_text("utf-8", "replace")
    whole = WHOLE_PACKAGE.search(text)
    names = LICENSE.findall(whole.group(1) if whole else text)
    known: dict[str, Json] = {}
    for name in names:
        for part in re.split(r"\s+(?:and/or|and|or)\s+|,\s*", name):
            spdx = SPDX.get(part.strip().lower())
            entry = {"id": spdx} if spdx else {"name": part.strip()}
            known.setdefault(json.dumps(entry), {"license": entry})
    return list(known.values())


def component(package: Package) -> Json:
    properties = [
        {"name": "debian:source", "value": f"{package.source}@{package.source_version}"}
    ]
    digests = []
    for library in sorted(package.libraries):
        digest = hashlib.sha256(library.read_bytes()).hexdigest()
        digests.append(digest)
        properties.append({"name": "debian:linked-file", "value": f"{library} sha256:{digest}"})
    if package.headers:
        properties.append({"name": "debian:headers-compiled-in", "value": str(package.headers)})
    result: Json = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "supplier": {"name": "Debian"},
        "properties": properties,
    }
    if len(digests) == 1:
        result["hashes"] = [{"alg": "SHA-256", "content": digests[0]}]
    licenses = licenses_of(package.name)
    if licenses:
        result["licenses"] = licenses
    return result


def collect(binary: Path, build: Path | None) -> tuple[list[Package], dict[str, set[str]]]:
    """The packages, and who needs whom by purl ("" is the program itself)."""
    libraries = loaded_libraries(binary)
    headers = compiled_headers(build, binary) if build else set()
    owner = owners([str(path) for path in libraries.values()] + sorted(headers))
    described = describe(sorted(set(owner.values())))
    edges: dict[str, set[str]] = {"": set()}

    def package_of(file: str) -> Package | None:
        return described.get(owner.get(file, ""))

    for path in libraries.values():
        package = package_of(str(path))
        if package is None:
            raise RuntimeError(f"no Debian package owns {path}")
        package.libraries.append(path.resolve())
        edges.setdefault(package.purl, set())
    for path in libraries.values():
        package = package_of(str(path))
        assert package is not None
        for name in needed_by(path):
            needed = package_of(str(libraries[name])) if name in libraries else None
            if needed and needed is not package:
                edges[package.purl].add(needed.purl)
    for name in needed_by(binary):
        package = package_of(str(libraries[name])) if name in libraries else None
        if package:
            edges[""].add(package.purl)
    for header in headers:
        package = package_of(header)
        if package:
            package.headers += 1
            edges[""].add(package.purl)
            edges.setdefault(package.purl, set())
    unique = {p.purl: p for p in described.values() if p.libraries or p.headers}
    return [unique[purl] for purl in sorted(unique)], edges


def bill(binary: Path, build: Path | None, name: str, version: str) -> Json:
    packages, edges = collect(binary, build)
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    root_ref = f"{name}@{version}"
    dependencies = [
        {"ref": ref or root_ref, "dependsOn": sorted(needed)} for ref, needed in edges.items()
    ]
    subject = {
        "type": "application",
        "bom-ref": root_ref,
        "name": name,
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
    content: Json = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "holdpoint-sbom"}]},
            "component": subject,
        },
        "components": [component(package) for package in packages],
        "dependencies": sorted(dependencies, key=lambda d: d["ref"]),
    }
    # The same program on the same system gives the same bytes: the serial number follows from them.
    text = json.dumps(content, sort_keys=True)
    content["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, text)}"
    return content


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="CycloneDX bill of materials of a program.")
    parser.add_argument("--binary", required=True, type=Path)
    parser.add_argument("--build", type=Path, help="ninja's folder, to list compiled-in headers")
    parser.add_argument("--name", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args(arguments)
    try:
        document = bill(options.binary, options.build, options.name, options.version)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"no bill of materials: {error}", file=sys.stderr)
        return 3
    options.out.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    print(f"{len(document['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
