// SPDX-License-Identifier: MIT
// The Win32 types, constants and error codes that ntmsapi.h is written in, for systems that have
// no <windows.h>. Sizes and layouts are those of Windows on every platform: DWORD has 32 bits,
// WCHAR has 16 bits and holds UTF-16. On Windows this header only includes <windows.h>.
// C11 and C++11 or later. Sources: the Win32 data types as the contract's tables use them.
#ifndef NTMS_WIN32_TYPES_H
#define NTMS_WIN32_TYPES_H

#ifdef _WIN32
#include <windows.h>
#else

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

// WCHAR is char16_t where the language has it, so that u"" literals fit without a cast.
#ifdef __cplusplus
typedef char16_t WCHAR;
#else
#ifdef __has_include
#if __has_include(<uchar.h>)
#include <uchar.h>
#define NTMS_HAVE_UCHAR_H 1
#endif
#endif
#ifdef NTMS_HAVE_UCHAR_H
typedef char16_t WCHAR;
#else
typedef uint_least16_t WCHAR;
#endif
#endif

#ifdef __cplusplus
#define NTMS_ALIGNAS(bytes) alignas(bytes)
#else
#define NTMS_ALIGNAS(bytes) _Alignas(bytes)
#endif

typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef uint32_t ULONG;
typedef int32_t LONG;
typedef int64_t LONGLONG;
typedef int BOOL;
typedef char CHAR;

typedef void* LPVOID;
typedef void* HANDLE;
typedef void* HWND;
typedef BYTE* LPBYTE;
typedef DWORD* LPDWORD;
typedef HANDLE* LPHANDLE;
typedef CHAR* LPSTR;
typedef const CHAR* LPCSTR;
typedef WCHAR* LPWSTR;
typedef const WCHAR* LPCWSTR;

// 128-bit identifier. Data1 to Data3 are in host byte order, as in memory on Windows.
typedef struct _GUID {
  DWORD Data1;
  WORD Data2;
  WORD Data3;
  BYTE Data4[8];
} GUID, *LPGUID;

// A point in time, split into calendar parts. RSM uses UTC.
typedef struct _SYSTEMTIME {
  WORD wYear;       // 1601 and later; 0 in all members means "never"
  WORD wMonth;      // 1 to 12
  WORD wDayOfWeek;  // 0 is Sunday
  WORD wDay;        // 1 to 31
  WORD wHour;
  WORD wMinute;
  WORD wSecond;
  WORD wMilliseconds;
} SYSTEMTIME, *LPSYSTEMTIME;

// A signed 64-bit number, also as two halves. Aligned to 8 bytes on 32-bit systems too, where the
// compiler would choose 4: Windows aligns it to 8 everywhere.
typedef union _LARGE_INTEGER {
  struct {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    LONG HighPart;
    DWORD LowPart;
#else
    DWORD LowPart;
    LONG HighPart;
#endif
  } u;
  NTMS_ALIGNAS(8) LONGLONG QuadPart;
} LARGE_INTEGER;

// Security of a new object; CreateNtmsMediaPool takes one.
typedef struct _SECURITY_ATTRIBUTES {
  DWORD nLength;                // size of this structure in bytes
  LPVOID lpSecurityDescriptor;  // may be NULL: default security
  BOOL bInheritHandle;          // ignored by RSM
} SECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

typedef LPVOID PSECURITY_DESCRIPTOR;
typedef DWORD SECURITY_INFORMATION;

// Who somebody is. SubAuthorityCount sub-authorities follow the head, at most 15. On Linux users
// are S-1-22-1-<user id> and groups S-1-22-2-<group id>: authority 22, two sub-authorities.
typedef struct _SID_IDENTIFIER_AUTHORITY {
  BYTE Value[6];  // big-endian
} SID_IDENTIFIER_AUTHORITY;
typedef struct _SID {
  BYTE Revision;  // SID_REVISION
  BYTE SubAuthorityCount;
  SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
  DWORD SubAuthority[1];  // as many as there are
} SID;

// An access control list: AceCount entries follow the head, in the order in which they decide.
typedef struct _ACL {
  BYTE AclRevision;  // ACL_REVISION
  BYTE Sbz1;         // 0
  WORD AclSize;      // bytes, with the entries
  WORD AceCount;
  WORD Sbz2;  // 0
} ACL;

// What each entry begins with.
typedef struct _ACE_HEADER {
  BYTE AceType;   // ACCESS_ALLOWED_ACE_TYPE, ...
  BYTE AceFlags;  // INHERIT_ONLY_ACE: not effective here
  WORD AceSize;   // bytes, with the SID; a multiple of 4
} ACE_HEADER;
typedef struct _ACCESS_ALLOWED_ACE {
  ACE_HEADER Header;
  DWORD Mask;      // rights (NTMS_USE_ACCESS, ...)
  DWORD SidStart;  // the first bytes of the SID
} ACCESS_ALLOWED_ACE;
typedef ACCESS_ALLOWED_ACE ACCESS_DENIED_ACE;
typedef ACCESS_ALLOWED_ACE SYSTEM_AUDIT_ACE;

// A self-relative security descriptor: the parts follow in the same memory, at offsets in bytes
// from its beginning; 0: the part is not there.
typedef struct _SECURITY_DESCRIPTOR_RELATIVE {
  BYTE Revision;  // SECURITY_DESCRIPTOR_REVISION
  BYTE Sbz1;      // 0
  WORD Control;   // SE_SELF_RELATIVE and which lists are present
  DWORD Owner;
  DWORD Group;
  DWORD Sacl;
  DWORD Dacl;  // 0 with SE_DACL_PRESENT: grants everybody everything
} SECURITY_DESCRIPTOR_RELATIVE;

#define SID_REVISION 1
#define ACL_REVISION 2
#define SECURITY_DESCRIPTOR_REVISION 1
#define SE_DACL_PRESENT 0x0004
#define SE_SACL_PRESENT 0x0010
#define SE_SELF_RELATIVE 0x8000
#define ACCESS_ALLOWED_ACE_TYPE 0x0
#define ACCESS_DENIED_ACE_TYPE 0x1
#define SYSTEM_AUDIT_ACE_TYPE 0x2
#define INHERIT_ONLY_ACE 0x8

// Which parts of a security descriptor are meant (SECURITY_INFORMATION bits).
#define OWNER_SECURITY_INFORMATION 0x00000001L
#define GROUP_SECURITY_INFORMATION 0x00000002L
#define DACL_SECURITY_INFORMATION 0x00000004L
#define SACL_SECURITY_INFORMATION 0x00000008L

// Standard access rights.
#define READ_CONTROL 0x00020000L
#define WRITE_DAC 0x00040000L
#define WRITE_OWNER 0x00080000L

// Generic access rights; stored as the rights they stand for (NTMS_GENERIC_READ, ...).
#define GENERIC_ALL 0x10000000L
#define GENERIC_EXECUTE 0x20000000L
#define GENERIC_WRITE 0x40000000L
#define GENERIC_READ 0x80000000L

// The calling convention: stdcall on 32-bit Windows, the platform's own everywhere else.
#define WINAPI

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)  // NOLINT(performance-no-int-to-ptr)
#define INFINITE 0xFFFFFFFFU  // as a time-out in milliseconds: wait without limit

// Device types (DeviceType members of drive, changer and media types).
#define FILE_DEVICE_CD_ROM 0x02
#define FILE_DEVICE_DISK 0x07
#define FILE_DEVICE_TAPE 0x1F
#define FILE_DEVICE_CHANGER 0x30
#define FILE_DEVICE_DVD 0x33

// Media types (NTMS_MEDIATYPEINFORMATION.MediaType); on Windows they come from <winioctl.h>.
typedef enum _STORAGE_MEDIA_TYPE {
  DDS_4mm = 32,
  MiniQic = 33,
  Travan = 34,
  QIC = 35,
  MP_8mm = 36,
  AME_8mm = 37,
  AIT1_8mm = 38,
  DLT = 39,
  NCTP = 40,
  IBM_3480 = 41,
  IBM_3490E = 42,
  IBM_Magstar_3590 = 43,
  IBM_Magstar_MP = 44,
  STK_DATA_D3 = 45,
  SONY_DTF = 46,
  DV_6mm = 47,
  DMI = 48,
  SONY_D2 = 49,
  CLEANER_CARTRIDGE = 50,
  CD_ROM = 51,
  CD_R = 52,
  CD_RW = 53,
  DVD_ROM = 54,
  DVD_R = 55,
  DVD_RW = 56,
  MO_3_RW = 57,
  MO_5_WO = 58,
  MO_5_RW = 59,
  MO_5_LIMDOW = 60,
  PC_5_WO = 61,
  PC_5_RW = 62,
  PD_5_RW = 63,
  ABL_5_WO = 64,
  PINNACLE_APEX_5_RW = 65,
  SONY_12_WO = 66,
  PHILIPS_12_WO = 67,
  HITACHI_12_WO = 68,
  CYGNET_12_WO = 69,
  KODAK_14_WO = 70,
  MO_NFR_525 = 71,
  NIKON_12_RW = 72,
  IOMEGA_ZIP = 73,
  IOMEGA_JAZ = 74,
  SYQUEST_EZ135 = 75,
  SYQUEST_EZFLYER = 76,
  SYQUEST_SYJET = 77,
  AVATAR_F2 = 78,
  MP2_8mm = 79,
  DST_S = 80,
  DST_M = 81,
  DST_L = 82,
  VXATape_1 = 83,
  VXATape_2 = 84,
  STK_9840 = 85,
  LTO_Ultrium = 86,
  LTO_Accelis = 87,
  DVD_RAM = 88,
  AIT_8mm = 89,
  ADR_1 = 90,
  ADR_2 = 91,
  STK_9940 = 92,
  SAIT = 93
} STORAGE_MEDIA_TYPE;

// Win32 error codes that the functions of ntmsapi.h return.
#define NO_ERROR 0L
#define ERROR_SUCCESS 0L                   // success
#define ERROR_ACCESS_DENIED 5L             // right missing
#define ERROR_INVALID_HANDLE 6L            // bad session, notification or detection handle
#define ERROR_NOT_ENOUGH_MEMORY 8L         // allocation failed
#define ERROR_BAD_FORMAT 11L               // label not recognized
#define ERROR_INVALID_DRIVE 15L            // unknown drive GUID (RSM uses this one, not 4321)
#define ERROR_WRITE_PROTECT 19L            // medium write protected
#define ERROR_NOT_READY 21L                // RSM service still starting
#define ERROR_SHARING_VIOLATION 32L        // export file open elsewhere
#define ERROR_NOT_SUPPORTED 50L            // stop on a library without ports (InjectNtmsCleaner)
#define ERROR_INVALID_PARAMETER 87L        // missing or bad argument
#define ERROR_CALL_NOT_IMPLEMENTED 120L    // optional function absent
#define ERROR_INSUFFICIENT_BUFFER 122L     // buffer too small
#define ERROR_INVALID_NAME 123L            // bad name
#define ERROR_BUSY 170L                    // batch larger than the port, or medium in use
#define ERROR_ALREADY_EXISTS 183L          // exists already
#define ERROR_NO_DATA 232L                 // notification pipe broken
#define ERROR_INVALID_ADDRESS 487L         // invalid address
#define ERROR_CONNECTION_UNAVAIL 1201L     // connection to the server lost
#define ERROR_INVALID_COMPUTERNAME 1210L   // malformed computer name
#define ERROR_NO_NETWORK 1222L             // no network
#define ERROR_CANCELLED 1223L              // cancelled by operator or administrator
#define ERROR_NO_SECURITY_ON_OBJECT 1350L  // object has no security descriptor
#define ERROR_TIMEOUT 1460L                // time-out elapsed
#define RPC_S_INVALID_BOUND \
  1734L  // what Windows really returned for a short attribute buffer (MS-RSMP <74>)
#define RPC_S_NO_INTERFACES 1817L              // server older than client
#define ERROR_NOT_CONNECTED 2250L              // RSM service unreachable
#define ERROR_INVALID_MEDIA 4300L              // unknown medium GUID
#define ERROR_INVALID_LIBRARY 4301L            // unknown library GUID
#define ERROR_INVALID_MEDIA_POOL 4302L         // unknown pool GUID
#define ERROR_DRIVE_MEDIA_MISMATCH 4303L       // drive media mismatch
#define ERROR_MEDIA_OFFLINE 4304L              // media offline
#define ERROR_LIBRARY_OFFLINE 4305L            // library offline
#define ERROR_EMPTY 4306L                      // library, drive or slot empty
#define ERROR_NOT_EMPTY 4307L                  // library, drive or slot not empty
#define ERROR_MEDIA_UNAVAILABLE 4308L          // media unavailable
#define ERROR_RESOURCE_DISABLED 4309L          // library or drive disabled
#define ERROR_INVALID_CLEANER 4310L            // invalid cleaner
#define ERROR_UNABLE_TO_CLEAN 4311L            // unable to clean
#define ERROR_OBJECT_NOT_FOUND 4312L           // unknown GUID
#define ERROR_DATABASE_FAILURE 4313L           // database inaccessible or damaged
#define ERROR_DATABASE_FULL 4314L              // database full
#define ERROR_MEDIA_INCOMPATIBLE 4315L         // media incompatible
#define ERROR_RESOURCE_NOT_PRESENT 4316L       // no door, port or slot there
#define ERROR_INVALID_OPERATION 4317L          // stop on an unknown or finished operation
#define ERROR_MEDIA_NOT_AVAILABLE 4318L        // medium disabled
#define ERROR_DEVICE_NOT_AVAILABLE 4319L       // library disabled or not connected
#define ERROR_REQUEST_REFUSED 4320L            // operator refused
#define ERROR_INVALID_DRIVE_OBJECT 4321L       // exists in winerror.h, not used by the documents
#define ERROR_LIBRARY_FULL 4322L               // no free slot
#define ERROR_MEDIUM_NOT_ACCESSIBLE 4323L      // medium not accessible
#define ERROR_UNABLE_TO_LOAD_MEDIUM 4324L      // unable to load medium
#define ERROR_UNABLE_TO_INVENTORY_DRIVE 4325L  // unable to inventory drive
#define ERROR_UNABLE_TO_INVENTORY_SLOT 4326L   // unable to inventory slot
#define ERROR_UNABLE_TO_INVENTORY_TRANSPORT 4327L  // unable to inventory transport
#define ERROR_TRANSPORT_FULL 4328L                 // transport full
#define ERROR_CONTROLLING_IEPORT 4329L             // controlling ieport
#define ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA \
  4330L                                   // mounted medium cannot be ejected; not in the documents
#define ERROR_CLEANER_SLOT_SET 4331L      // cleaner slot already reserved
#define ERROR_CLEANER_SLOT_NOT_SET 4332L  // no cleaner slot reserved
#define ERROR_CLEANER_CARTRIDGE_SPENT 4333L      // cleaner cartridge spent
#define ERROR_UNEXPECTED_OMID 4334L              // unexpected omid
#define ERROR_CANT_DELETE_LAST_ITEM 4335L        // cant delete last item
#define ERROR_MESSAGE_EXCEEDS_MAX_SIZE 4336L     // operator message too long; not in the documents
#define ERROR_VOLUME_CONTAINS_SYS_FILES 4337L    // volume contains sys files
#define ERROR_INDIGENOUS_TYPE 4338L              // indigenous type
#define ERROR_NO_SUPPORTING_DRIVES 4339L         // no supporting drives
#define ERROR_CLEANER_CARTRIDGE_INSTALLED 4340L  // cleaner cartridge installed
#define ERROR_IEPORT_FULL 4341L                  // insert/eject port full; not in the documents
#define ERROR_RESOURCE_NOT_AVAILABLE 5006L       // slot occupied or missing
#define ERROR_INVALID_STATE 5023L                // object in the wrong state

// Stores `code` as the calling thread's last error.
//
// Where there is no Win32 the last error is kept in errno, which belongs to the C library and is
// therefore the same variable for this library and for its caller, without an exported symbol.
// Code that sets it must do so as its last action before it returns. Any thread.
static inline void SetLastError(DWORD code) {
  errno = (int)code;
}

// Returns the calling thread's last error, after OpenNtmsSession or OpenNtmsNotification returned
// INVALID_HANDLE_VALUE. The value holds only until the next call of a C library function that sets
// errno, so read it at once; at any other time it is an errno value and no Win32 code. Any thread.
static inline DWORD GetLastError(void) {
  return (DWORD)errno;
}

#endif  // _WIN32
#endif  // NTMS_WIN32_TYPES_H
