// SPDX-License-Identifier: MIT
// The C++ allocations of the library, and of programs that link this layer, from the process's
// heap, as the C runtime has them, too, but without the C runtime in between: an import of their
// own in the DLL, at which its users can watch them, and which tests let fail alone. What the
// run-time library of the compiler takes for its locks and exceptions while memory is short does
// not go this way.
#include <windows.h>

#include <cstddef>
#include <new>

void* operator new(std::size_t size) {
  for (;;) {
    if (void* memory = HeapAlloc(GetProcessHeap(), 0, size == 0 ? 1 : size)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept {
  if (memory != nullptr) HeapFree(GetProcessHeap(), 0, memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
