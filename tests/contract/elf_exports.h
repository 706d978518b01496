// SPDX-License-Identifier: MIT
// Which names an ELF shared object exports.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace ntms::contract_test {

// The names of all symbols that the shared object at `path` defines for others: its dynamic symbol
// table without undefined and local entries. The object must be of this machine's own format.
// Throws std::runtime_error when the file cannot be read or is no such object. Any thread.
// Source: System V ABI, "Object Files": section headers, symbol table.
std::set<std::string> elf_exports(const std::filesystem::path& path);

}  // namespace ntms::contract_test
