// SPDX-License-Identifier: MIT
// The copy of the database in the folder "Export" of the data directory, and putting it in the
// place of the database (contract: functions-session 7 and 8, concepts 21; files:
// docs/database.md).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ntms::store {

// Writes a consistent copy of the database of a data directory to Export/ntms.db, in the place of
// an older one, and returns when it is on disk. Readers and writers of the database go on
// meanwhile. On failure an older copy stays as it was. May be called from any thread and process.
// Errors: ERROR_SHARING_VIOLATION when another process has locked the older copy or is writing one,
// ERROR_ACCESS_DENIED without permission on the folder or the older copy, ERROR_DATABASE_FULL on a
// full disk, ERROR_DATABASE_FAILURE.
Result<void> export_database(const std::filesystem::path& directory);

// Records that the copy is to take the place of the database at the next start of the service, when
// nobody has a session. Nothing else is changed. May be called from any thread and process.
// Errors: ERROR_DATABASE_FAILURE without a copy and for a failing disk, ERROR_ACCESS_DENIED,
// ERROR_DATABASE_FULL.
Result<void> mark_import(const std::filesystem::path& directory);

// Whether mark_import() was called and nothing has come of it yet.
bool import_is_marked(const std::filesystem::path& directory);

struct ImportOutcome {
  bool imported = false;
  std::string reason;  // why the copy cannot be used; the database is what it was
};

// Puts the copy, brought up to date, in the place of the database and removes the mark. In it the
// slots of all libraries need an inventory, and the boot that its requests belong to is forgotten,
// so that the next owner of the robots starts the service anew. A copy that cannot be used leaves
// the database as it is; the mark is removed all the same.
// The caller makes sure that no process uses the data directory. When the process ends at any point
// inside, the directory has the one or the other database whole, and the mark until all is done.
// `before_step` is called with the name of each step before it; tests end the process there.
// Errors, after which the mark is still there: ERROR_DATABASE_FULL, ERROR_NOT_ENOUGH_MEMORY, and
// what keeps the files from being replaced.
Result<ImportOutcome> import_database(
    const std::filesystem::path& directory,
    const std::function<void(std::string_view step)>& before_step = {});

}  // namespace ntms::store
