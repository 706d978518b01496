// SPDX-License-Identifier: MIT
// The data directory that holds the database, and questions about files. All functions may be
// called from any thread.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace ntms::platform {

// Where the database is: the value of NTMS_DATA, else /var/lib/ntms. Always an absolute path (a
// relative value is taken from the current directory, once); never another directory instead, since
// two databases over one robot would be two masters. Nothing is created.
// On Windows: the value of NTMS_DATA, else the folder NtmsData in the one that the registry value
// NtmsData of HKLM\SYSTEM\CurrentControlSet\Control\NTMS names (functions-session 7), else NtmsData
// in ProgramData. A long path gets the prefix "\\?\".
// Errors: ERROR_DATABASE_FAILURE when a relative value cannot be resolved.
Result<std::filesystem::path> data_directory();

// Makes sure that `directory` can hold the database. When missing it is created with mode 2770
// whatever the umask, its missing parents with mode 0755 less the umask. An existing one is used as
// it is, also through a symbolic link.
// On Windows the system, the administrators and its creator get full access to a new one, and its
// missing parents inherit their rights. One that Windows shows this program at another place than
// the named one (VirtualStore, SysWOW64) is refused.
// Errors: ERROR_ACCESS_DENIED when the effective user may not search, read and write it or may not
// create it; ERROR_DATABASE_FAILURE when it or a parent is not a directory, or when it is on a
// network file system (NFS, SMB, CIFS, AFS), where file locks do not protect a database.
Result<void> prepare_data_directory(const std::filesystem::path& directory);

// The file that this code was loaded from: the shared library, or the program it is linked into.
// Empty when the system does not tell.
std::filesystem::path own_library_path();

// A path in UTF-8, for messages and for libraries that take that on every system. (On Windows
// path::string() is in the ANSI code page with some compilers.) Any thread.
std::string path_text(const std::filesystem::path& path);

// Whether both paths name the same existing file, after following symbolic links.
bool same_file(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace ntms::platform
