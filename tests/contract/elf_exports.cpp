// SPDX-License-Identifier: MIT
#include "elf_exports.h"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "tables.h"

namespace ntms::contract_test {
namespace {

// A structure of type T at a byte offset; every read of the file goes through this check.
template <class T>
T structure_at(std::string_view file, std::size_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (offset > file.size() || file.size() - offset < sizeof(T)) {
    throw std::runtime_error("the file ends inside a structure");
  }
  T value{};
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::string name_at(std::string_view file, std::size_t offset) {
  if (offset >= file.size()) {
    throw std::runtime_error("a name lies outside the file");
  }
  const std::string_view rest = file.substr(offset);
  return std::string(rest.substr(0, rest.find('\0')));
}

}  // namespace

std::set<std::string> elf_exports(const std::filesystem::path& path) {
  using Header = ElfW(Ehdr);
  using Section = ElfW(Shdr);
  using Symbol = ElfW(Sym);

  const std::string text = read_text(path);
  const auto header = structure_at<Header>(text, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_type != ET_DYN ||
      header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32)) {
    throw std::runtime_error(path.string() + " is no shared object of this machine");
  }
  const auto section = [&](std::size_t index) {
    return structure_at<Section>(text, header.e_shoff + index * header.e_shentsize);
  };

  std::set<std::string> names;
  bool found = false;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const Section symbols = section(i);
    if (symbols.sh_type != SHT_DYNSYM) {
      continue;
    }
    found = true;
    const Section strings = section(symbols.sh_link);
    for (std::size_t at = 0; at + sizeof(Symbol) <= symbols.sh_size; at += sizeof(Symbol)) {
      const auto symbol = structure_at<Symbol>(text, symbols.sh_offset + at);
      const int binding = symbol.st_info >> 4;
      if (symbol.st_shndx != SHN_UNDEF && binding != STB_LOCAL) {
        names.insert(name_at(text, strings.sh_offset + symbol.st_name));
      }
    }
  }
  if (!found) {
    throw std::runtime_error(path.string() + " has no dynamic symbol table");
  }
  return names;
}

}  // namespace ntms::contract_test
