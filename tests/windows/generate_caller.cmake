# Writes a C program that finds all exports of the contract by GetProcAddress and calls each with
# arguments of zero, with the calling convention and the number of bytes that the table says.
# cmake -DTABLE=exports.tsv -DOUTPUT=caller_dynamic.c -P generate_caller.cmake
file(READ ${TABLE} rows)
string(REPLACE ";" "," rows "${rows}")  # would separate rows
string(REGEX REPLACE "\n$" "" rows "${rows}")
string(REPLACE "\n" ";" rows "${rows}")
list(POP_FRONT rows)
set(calls "")
foreach(row IN LISTS rows)
  string(REGEX MATCH "^([A-Za-z0-9]+)\t([0-9]+)\t" heading "${row}")
  set(name ${CMAKE_MATCH_1})
  if(NOT heading)
    message(FATAL_ERROR "not understood: ${row}")
  endif()
  math(EXPR words "${CMAKE_MATCH_2} / 4")
  set(types "")
  set(zeros "")
  foreach(i RANGE 1 ${words})
    if(i LESS_EQUAL words)
      list(APPEND types "ULONG_PTR")
      list(APPEND zeros "0")
    endif()
  endforeach()
  if(words EQUAL 0)
    set(types void)
  endif()
  list(JOIN types ", " types)
  list(JOIN zeros ", " zeros)
  string(APPEND calls "  CALL(${name}, (${types}), (${zeros}));\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by generate_caller.cmake from exports.tsv. */
#include <windows.h>

#include <stdio.h>

/* A function that takes more or fewer bytes off the stack than its caller put there (stdcall on
   x86) leaves a wrong stack pointer. */
#if defined(__GNUC__) && defined(__i386__)
#define STACK(value) __asm__ volatile(\"movl %%esp, %0\" : \"=r\"(value))
#else
#define STACK(value) ((value) = 0) /* elsewhere the caller takes them off, or the compiler checks */
#endif

#define CALL(name, types, zeros)                                              \\
  do {                                                                        \\
    typedef ULONG_PTR(WINAPI *function) types;                                \\
    ULONG_PTR before = 0, after = 0, result = 0;                              \\
    union { FARPROC raw; function typed; } found;                             \\
    found.raw = GetProcAddress(library, #name);                               \\
    if (found.raw == NULL) {                                                  \\
      printf(\"%s is missing\\n\", #name);                                      \\
      return 2;                                                               \\
    }                                                                         \\
    STACK(before);                                                            \\
    result = found.typed zeros;                                               \\
    STACK(after);                                                             \\
    printf(\"%s: %lu\\n\", #name, (unsigned long)result);                        \\
    if (before != after) {                                                    \\
      printf(\"%s damaged the stack\\n\", #name);                               \\
      return 3;                                                               \\
    }                                                                         \\
    ++called;                                                                 \\
  } while (0)

int main(void) {
  int called = 0;
  HMODULE library = LoadLibraryA(\"ntmsapi.dll\");
  if (library == NULL) return 1;
${calls}  FreeLibrary(library);
  printf(\"%d functions\\n\", called);
  return called == 75 ? 0 : 4;
}
")
