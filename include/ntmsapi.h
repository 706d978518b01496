// SPDX-License-Identifier: MIT
// The Removable Storage Manager API: the 75 functions of ntmsapi, their structures and constants.
// C11 and C++11 or later. On Windows it stands on <windows.h>, elsewhere on ntms/win32_types.h.
//
// Rules for every function; what a function says itself comes first.
// - The result is a plain Win32 code, ERROR_SUCCESS or the reason of the failure. Only
//   OpenNtmsSession and OpenNtmsNotification return a handle and leave the reason in GetLastError.
// - hSession is a session of this process. A closed, foreign or made-up handle gives
//   ERROR_INVALID_HANDLE, which is checked first; handles are looked up, never dereferenced.
//   Handles are not valid in a child process after fork().
// - Any thread may call any function, and threads may share a session. A call blocks only where its
//   description says so; "queued" work goes on after the return and is seen as a library request.
// - Memory belongs to the caller before, during and after the call: input is copied, output is
//   written to the caller's buffers, and no pointer is kept. "Optional" pointers may be NULL; any
//   other NULL gives ERROR_INVALID_PARAMETER. On failure no output is written unless stated.
// - Besides the errors listed each function may return ERROR_NOT_READY (server still starting),
//   ERROR_NOT_CONNECTED, ERROR_NOT_ENOUGH_MEMORY, ERROR_DATABASE_FAILURE and ERROR_DATABASE_FULL.
// - A functions take text in the ANSI code page on Windows and in UTF-8 elsewhere, and convert; W
//   functions take UTF-16. Sizes of text count characters, terminator included.
// - "Contract" names the section that specifies the function, docs/compatibility.md what is built.
#ifndef NTMS_NTMSAPI_H
#define NTMS_NTMSAPI_H

#ifdef _WIN32
#include <windows.h>
#else
#include <ntms/win32_types.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The layouts below are those of 8-byte packing, whatever the including file has set.
#pragma pack(push, 8)

// The identifier of an object. The all-zero value means "none".
typedef GUID NTMS_GUID;
typedef GUID* LPNTMS_GUID;

// Initializer of the null GUID: NTMS_GUID id = NTMS_NULLGUID;
#define NTMS_NULLGUID        \
  {                          \
    0, 0, 0, {               \
      0, 0, 0, 0, 0, 0, 0, 0 \
    }                        \
  }

// True when the NTMS_GUID `id` (a value, no pointer) is the null GUID. Evaluates `id` repeatedly.
#define NTMS_IS_NULLGUID(id)                                                               \
  ((id).Data1 == 0 && (id).Data2 == 0 && (id).Data3 == 0 && (id).Data4[0] == 0 &&          \
   (id).Data4[1] == 0 && (id).Data4[2] == 0 && (id).Data4[3] == 0 && (id).Data4[4] == 0 && \
   (id).Data4[5] == 0 && (id).Data4[6] == 0 && (id).Data4[7] == 0)

// Array sizes of the text members, in characters with the terminator (OMIDLABELID: bytes).
#define NTMS_OBJECTNAME_LENGTH 64
#define NTMS_DESCRIPTION_LENGTH 127
#define NTMS_DEVICENAME_LENGTH 64
#define NTMS_SERIALNUMBER_LENGTH 32
#define NTMS_REVISION_LENGTH 32
#define NTMS_BARCODE_LENGTH 64
#define NTMS_SEQUENCE_LENGTH 32
#define NTMS_VENDORNAME_LENGTH 128
#define NTMS_PRODUCTNAME_LENGTH 128
#define NTMS_USERNAME_LENGTH 64
#define NTMS_APPLICATIONNAME_LENGTH 64
#define NTMS_COMPUTERNAME_LENGTH 64
#define NTMS_I1_MESSAGE_LENGTH 127
#define NTMS_MESSAGE_LENGTH 256
#define NTMS_POOLHIERARCHY_LENGTH 512
#define NTMS_OMIDLABELID_LENGTH 255
#define NTMS_OMIDLABELTYPE_LENGTH 64
#define NTMS_OMIDLABELINFO_LENGTH 256

// Types of objects (dwType).
enum NtmsObjectsTypes {
  NTMS_UNKNOWN = 0,                 // unknown object type
  NTMS_OBJECT = 1,                  // internal use
  NTMS_CHANGER = 2,                 // robot of a library
  NTMS_CHANGER_TYPE = 3,            // changer model
  NTMS_COMPUTER = 4,                // the RSM server computer
  NTMS_DRIVE = 5,                   // drive
  NTMS_DRIVE_TYPE = 6,              // drive model
  NTMS_IEDOOR = 7,                  // library door
  NTMS_IEPORT = 8,                  // insert/eject port
  NTMS_LIBRARY = 9,                 // library (the offline library too)
  NTMS_LIBREQUEST = 10,             // library request (work item)
  NTMS_LOGICAL_MEDIA = 11,          // logical medium
  NTMS_MEDIA_POOL = 12,             // media pool
  NTMS_MEDIA_TYPE = 13,             // media type
  NTMS_PARTITION = 14,              // side of a cartridge
  NTMS_PHYSICAL_MEDIA = 15,         // cartridge
  NTMS_STORAGESLOT = 16,            // slot
  NTMS_OPREQUEST = 17,              // operator request
  NTMS_UI_DESTINATION = 18,         // UI destination
  NTMS_NUMBER_OF_OBJECT_TYPES = 19  // count of types
};

// States of an asynchronous operation; not used by documented calls.
enum NtmsAsyncStatus {
  NTMS_ASYNCSTATE_QUEUED = 0,         // queued
  NTMS_ASYNCSTATE_WAIT_RESOURCE = 1,  // waiting for a resource
  NTMS_ASYNCSTATE_WAIT_OPERATOR = 2,  // waiting for the operator
  NTMS_ASYNCSTATE_INPROCESS = 3,      // running
  NTMS_ASYNCSTATE_COMPLETE = 4        // done
};

// Kinds of asynchronous operations; not used by documented calls.
enum NtmsAsyncOperations {
  NTMS_ASYNCOP_MOUNT = 1  // asynchronous mount
};

// OpenNtmsSession dwOptions; accepted and ignored.
enum NtmsSessionOptions {
  NTMS_SESSION_QUERYEXPEDITE = 1  // session option bit
};

// MountNtmsMedia dwOptions, bits.
enum NtmsMountOptions {
  NTMS_MOUNT_READ = 1,                  // mount for reading
  NTMS_MOUNT_WRITE = 2,                 // mount for writing
  NTMS_MOUNT_ERROR_NOT_AVAILABLE = 4,   // fail if medium or drive is not available
  NTMS_MOUNT_ERROR_IF_UNAVAILABLE = 4,  // same
  NTMS_MOUNT_ERROR_OFFLINE = 8,         // fail if the medium is offline
  NTMS_MOUNT_ERROR_IF_OFFLINE = 8,      // same
  NTMS_MOUNT_SPECIFIC_DRIVE = 16,       // use the drives given
  NTMS_MOUNT_NOWAIT = 32                // return without waiting
};

// DismountNtmsMedia dwOptions and IdentifyNtmsSlot dwOption.
enum NtmsDismountOptions {
  NTMS_DISMOUNT_DEFERRED = 1,  // leave in drive, mark dismountable
  NTMS_DISMOUNT_IMMEDIATE = 2  // take out of the drive at once
};

// MountNtmsMedia dwPriority.
enum NtmsMountPriority {
  NTMS_PRIORITY_DEFAULT = 0,   // default
  NTMS_PRIORITY_HIGHEST = 15,  // highest
  NTMS_PRIORITY_HIGH = 7,      // time-critical
  NTMS_PRIORITY_NORMAL = 0,    // normal
  NTMS_PRIORITY_LOW = -7,      // background
  NTMS_PRIORITY_LOWEST = -15   // lowest
};

// AllocateNtmsMedia dwOptions, bits; NEW and NEXT exclude each other.
enum NtmsAllocateOptions {
  NTMS_ALLOCATE_NEW = 1,                  // a side not shared with another application
  NTMS_ALLOCATE_NEXT = 2,                 // next side of the same cartridge
  NTMS_ALLOCATE_ERROR_IF_UNAVAILABLE = 4  // no operator request when nothing is free
};

// CreateNtmsMediaPool dwAction.
enum NtmsCreateOptions {
  NTMS_OPEN_EXISTING = 1,  // open an existing pool
  NTMS_CREATE_NEW = 2,     // create; fail if present
  NTMS_OPEN_ALWAYS = 3     // open or create
};

// NTMS_DRIVEINFORMATION.State.
enum NtmsDriveState {
  NTMS_DRIVESTATE_DISMOUNTED = 0,     // no medium in the drive
  NTMS_DRIVESTATE_MOUNTED = 1,        // medium in drive, not ready
  NTMS_DRIVESTATE_LOADED = 2,         // ready for access
  NTMS_DRIVESTATE_UNLOADED = 5,       // unloaded, can be taken out
  NTMS_DRIVESTATE_BEING_CLEANED = 6,  // cleaning
  NTMS_DRIVESTATE_DISMOUNTABLE = 7    // deferred dismount, medium still inside
};

// NTMS_LIBRARYINFORMATION.LibraryType.
enum NtmsLibraryType {
  NTMS_LIBRARYTYPE_UNKNOWN = 0,    // unknown
  NTMS_LIBRARYTYPE_OFFLINE = 1,    // the offline library
  NTMS_LIBRARYTYPE_ONLINE = 2,     // robotic library
  NTMS_LIBRARYTYPE_STANDALONE = 3  // single drive modelled as a library
};

// NTMS_LIBRARYINFORMATION.dwFlags, bits.
enum NtmsLibraryFlags {
  NTMS_LIBRARYFLAG_FIXEDOFFLINE = 1,      // this is the offline library (not merely absent)
  NTMS_LIBRARYFLAG_CLEANERPRESENT = 2,    // cleaner in the changer
  NTMS_LIBRARYFLAG_AUTODETECTCHANGE = 4,  // automatic change detection
  NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING = 8,  // use cleaner until it fails; server-managed
  NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE = 16     // bar codes starting with CLN are cleaners
};

// How a library finds out what it holds.
enum NtmsInventoryMethod {
  NTMS_INVENTORY_NONE = 0,     // none after door close
  NTMS_INVENTORY_FAST = 1,     // bar code, or differential without reader
  NTMS_INVENTORY_OMID = 2,     // full: mount every side
  NTMS_INVENTORY_DEFAULT = 3,  // library InventoryMethod
  NTMS_INVENTORY_SLOT = 4,     // slots only
  NTMS_INVENTORY_STOP = 5,     // stop the inventory
  NTMS_INVENTORY_MAX = 6       // limit
};

// NTMS_STORAGESLOTINFORMATION.State.
enum NtmsSlotState {
  NTMS_SLOTSTATE_UNKNOWN = 0,        // unknown
  NTMS_SLOTSTATE_FULL = 1,           // holds a medium
  NTMS_SLOTSTATE_EMPTY = 2,          // empty
  NTMS_SLOTSTATE_NOTPRESENT = 3,     // magazine missing
  NTMS_SLOTSTATE_NEEDSINVENTORY = 4  // must be inventoried
};

// NTMS_IEDOORINFORMATION.State.
enum NtmsDoorState {
  NTMS_DOORSTATE_UNKNOWN = 0,  // unknown
  NTMS_DOORSTATE_CLOSED = 1,   // closed
  NTMS_DOORSTATE_OPEN = 2      // open
};

// NTMS_IEPORTINFORMATION.Position.
enum NtmsPortPosition {
  NTMS_PORTPOSITION_UNKNOWN = 0,   // unknown
  NTMS_PORTPOSITION_EXTENDED = 1,  // extended (open)
  NTMS_PORTPOSITION_RETRACTED = 2  // retracted (closed)
};

// NTMS_IEPORTINFORMATION.Content.
enum NtmsPortContent {
  NTMS_PORTCONTENT_UNKNOWN = 0,  // unknown
  NTMS_PORTCONTENT_FULL = 1,     // full
  NTMS_PORTCONTENT_EMPTY = 2     // empty
};

// NTMS_PMIDINFORMATION.BarCodeState.
enum NtmsBarCodeState {
  NTMS_BARCODESTATE_OK = 1,         // readable
  NTMS_BARCODESTATE_UNREADABLE = 2  // missing or unreadable
};

// NTMS_PMIDINFORMATION.MediaState.
enum NtmsMediaState {
  NTMS_MEDIASTATE_IDLE = 0,      // in slot, in a dismounted drive or offline
  NTMS_MEDIASTATE_INUSE = 1,     // a request for it was accepted
  NTMS_MEDIASTATE_MOUNTED = 2,   // in a drive
  NTMS_MEDIASTATE_LOADED = 3,    // available for access
  NTMS_MEDIASTATE_UNLOADED = 4,  // ready to leave the drive
  NTMS_MEDIASTATE_OPERROR = 5,   // recoverable error
  NTMS_MEDIASTATE_OPREQ = 6      // waiting for an operator request
};

// NTMS_PARTITIONINFORMATION.State.
enum NtmsPartitionState {
  NTMS_PARTSTATE_UNKNOWN = 0,         // unknown/new
  NTMS_PARTSTATE_UNPREPARED = 1,      // waits for a free label
  NTMS_PARTSTATE_INCOMPATIBLE = 2,    // incompatible with its drive
  NTMS_PARTSTATE_DECOMMISSIONED = 3,  // no longer usable
  NTMS_PARTSTATE_AVAILABLE = 4,       // can be allocated
  NTMS_PARTSTATE_ALLOCATED = 5,       // allocated
  NTMS_PARTSTATE_COMPLETE = 6,        // complete
  NTMS_PARTSTATE_FOREIGN = 7,         // in the unrecognized pool
  NTMS_PARTSTATE_IMPORT = 8,          // in the import pool
  NTMS_PARTSTATE_RESERVED = 9         // held by NTMS_ALLOCATE_NEW
};

// NTMS_MEDIAPOOLINFORMATION.PoolType.
enum NtmsPoolType {
  NTMS_POOLTYPE_UNKNOWN = 0,        // unknown
  NTMS_POOLTYPE_SCRATCH = 1,        // free pool
  NTMS_POOLTYPE_FOREIGN = 2,        // unrecognized pool
  NTMS_POOLTYPE_IMPORT = 3,         // import pool
  NTMS_POOLTYPE_APPLICATION = 1000  // application pool
};

// NTMS_MEDIAPOOLINFORMATION.AllocationPolicy, or 0.
enum NtmsAllocationPolicy {
  NTMS_ALLOCATE_FROMSCRATCH = 1  // draw from the free pool when empty
};

// NTMS_MEDIAPOOLINFORMATION.DeallocationPolicy, or 0.
enum NtmsDeallocationPolicy {
  NTMS_DEALLOCATE_TOSCRATCH = 1  // return to the free pool
};

// NTMS_MEDIATYPEINFORMATION.ReadWriteCharacteristics.
enum NtmsReadWriteCharacteristics {
  NTMS_MEDIARW_UNKNOWN = 0,     // unknown
  NTMS_MEDIARW_REWRITABLE = 1,  // rewritable
  NTMS_MEDIARW_WRITEONCE = 2,   // write once
  NTMS_MEDIARW_READONLY = 3     // read only
};

// NTMS_LIBREQUESTINFORMATION.OperationCode: what a library request does.
enum NtmsLmOperation {
  NTMS_LM_REMOVE = 0,           // cancel another work item
  NTMS_LM_DISABLECHANGER = 1,   // disable changer
  NTMS_LM_DISABLELIBRARY = 1,   // disable library
  NTMS_LM_ENABLECHANGER = 2,    // enable changer
  NTMS_LM_ENABLELIBRARY = 2,    // enable library
  NTMS_LM_DISABLEDRIVE = 3,     // disable drive
  NTMS_LM_ENABLEDRIVE = 4,      // enable drive
  NTMS_LM_DISABLEMEDIA = 5,     // disable medium
  NTMS_LM_ENABLEMEDIA = 6,      // enable medium
  NTMS_LM_UPDATEOMID = 7,       // update on-media id
  NTMS_LM_INVENTORY = 8,        // inventory
  NTMS_LM_DOORACCESS = 9,       // door access
  NTMS_LM_EJECT = 10,           // eject
  NTMS_LM_EJECTCLEANER = 11,    // eject cleaner
  NTMS_LM_INJECT = 12,          // inject
  NTMS_LM_INJECTCLEANER = 13,   // inject cleaner
  NTMS_LM_PROCESSOMID = 14,     // process on-media id
  NTMS_LM_CLEANDRIVE = 15,      // clean drive
  NTMS_LM_DISMOUNT = 16,        // dismount
  NTMS_LM_MOUNT = 17,           // mount
  NTMS_LM_WRITESCRATCH = 18,    // write free label
  NTMS_LM_CLASSIFY = 19,        // classify (identify) a medium
  NTMS_LM_RESERVECLEANER = 20,  // reserve cleaner slot
  NTMS_LM_RELEASECLEANER = 21,  // release cleaner slot
  NTMS_LM_MAXWORKITEM = 22      // limit
};

// NTMS_LIBREQUESTINFORMATION.State; the end states are PASSED, FAILED, CANCELLED, STOPPED.
enum NtmsLmState {
  NTMS_LM_QUEUED = 0,     // queued
  NTMS_LM_INPROCESS = 1,  // running
  NTMS_LM_PASSED = 2,     // succeeded
  NTMS_LM_FAILED = 3,     // failed, see dwErrorCode
  NTMS_LM_INVALID = 4,    // invalid
  NTMS_LM_WAITING = 5,    // blocked on a resource
  NTMS_LM_DEFERRED = 6,   // deferred dismount, medium still in the drive
  NTMS_LM_DEFFERED = 6,   // old spelling of DEFERRED
  NTMS_LM_CANCELLED = 7,  // cancelled
  NTMS_LM_STOPPED = 8     // stopped by a stop action
};

// NTMS_OPREQUESTINFORMATION.Request: what the operator is asked for.
enum NtmsOpreqCommand {
  NTMS_OPREQ_UNKNOWN = 0,        // invalid for Submit
  NTMS_OPREQ_NEWMEDIA = 1,       // new media wanted
  NTMS_OPREQ_CLEANER = 2,        // cleaner wanted
  NTMS_OPREQ_DEVICESERVICE = 3,  // device needs service
  NTMS_OPREQ_MOVEMEDIA = 4,      // move a cartridge to a library
  NTMS_OPREQ_MESSAGE = 5         // application message; RSM itself never uses it
};

// NTMS_OPREQUESTINFORMATION.State.
enum NtmsOpreqState {
  NTMS_OPSTATE_UNKNOWN = 0,     // unknown
  NTMS_OPSTATE_SUBMITTED = 1,   // not yet read
  NTMS_OPSTATE_ACTIVE = 2,      // read by a console
  NTMS_OPSTATE_INPROGRESS = 3,  // operator at work
  NTMS_OPSTATE_REFUSED = 4,     // refused/cancelled
  NTMS_OPSTATE_COMPLETE = 5     // done
};

// NTMS_COMPUTERINFORMATION.dwLibRequestFlags, bits.
enum NtmsLibRequestFlags {
  NTMS_LIBREQFLAGS_NOAUTOPURGE = 1,   // keep finished requests
  NTMS_LIBREQFLAGS_NOFAILEDPURGE = 2  // keep failed requests
};

// NTMS_COMPUTERINFORMATION.dwOpRequestFlags, bits.
enum NtmsOpRequestFlags {
  NTMS_OPREQFLAGS_NOAUTOPURGE = 1,    // keep finished requests
  NTMS_OPREQFLAGS_NOFAILEDPURGE = 2,  // keep failed requests
  NTMS_OPREQFLAGS_NOALERTS = 16,      // no pop-up
  NTMS_OPREQFLAGS_NOTRAYICON = 32     // no taskbar icon
};

// NTMS_COMPUTERINFORMATION.dwMediaPoolPolicy, bits.
enum NtmsMediaPoolPolicy {
  NTMS_POOLPOLICY_PURGEOFFLINESCRATCH = 1,  // delete free media when ejected
  NTMS_POOLPOLICY_KEEPOFFLINEIMPORT = 2     // do not delete import media when ejected
};

// NTMS_OBJECTINFORMATION.dwOperationalState.
enum NtmsOperationalState {
  NTMS_READY = 0,           // ready
  NTMS_INITIALIZING = 10,   // initializing
  NTMS_NEEDS_SERVICE = 20,  // failed, needs service
  NTMS_NOT_PRESENT = 21     // not connected
};

// CreateNtmsMedia dwOptions.
enum NtmsCreateNtmsMediaOptions {
  NTMS_ERROR_ON_DUPLICATE = 1  // CreateNtmsMedia: fail on duplicate label
};

// EnumerateNtmsObject dwOptions.
enum NtmsEnumerateOption {
  NTMS_ENUM_DEFAULT = 0,  // no root pool
  NTMS_ENUM_ROOTPOOL = 1  // include the root pool first
};

// Eject actions; EjectNtmsMedia takes the first four.
enum NtmsEjectOperation {
  NTMS_EJECT_START = 0,      // start the eject (or the queued batch)
  NTMS_EJECT_STOP = 1,       // end an eject
  NTMS_EJECT_QUEUE = 2,      // add to the batch
  NTMS_EJECT_FORCE = 3,      // start even if library busy or medium in use
  NTMS_EJECT_IMMEDIATE = 4,  // start and block until done
  NTMS_EJECT_ASK_USER = 5    // immediate, ask the user on failure
};

// InjectNtmsMedia and InjectNtmsCleaner dwAction.
enum NtmsInjectOperation {
  NTMS_INJECT_START = 0,     // take in media once
  NTMS_INJECT_STOP = 1,      // end an inject
  NTMS_INJECT_RETRACT = 2,   // retract port and check for media
  NTMS_INJECT_STARTMANY = 3  // reopen the port until stopped
};

// Drive types known without an object.
enum NtmsDriveType {
  NTMS_UNKNOWN_DRIVE = 0  // unknown drive type
};

// Access rights of RSM objects, bits.
enum NtmsAccessMask {
  NTMS_USE_ACCESS = 1,     // use
  NTMS_MODIFY_ACCESS = 2,  // modify
  NTMS_CONTROL_ACCESS = 4  // control
};

// Kinds of user interface.
enum NtmsUITypes {
  NTMS_UITYPE_INVALID = 0,  // invalid
  NTMS_UITYPE_INFO = 1,     // information
  NTMS_UITYPE_REQ = 2,      // requests
  NTMS_UITYPE_ERR = 3,      // errors
  NTMS_UITYPE_MAX = 4       // limit
};

// SetNtmsUIOptions dwOperation.
enum NtmsUIOperations {
  NTMS_UIDEST_ADD = 1,        // add a destination
  NTMS_UIDEST_DELETE = 2,     // remove a destination
  NTMS_UIDEST_DELETEALL = 3,  // remove all
  NTMS_UIOPERATION_MAX = 4    // limit
};

// NTMS_NOTIFICATIONINFORMATION.dwOperation.
enum NtmsNotificationOperations {
  NTMS_OBJ_UPDATE = 1,     // object changed
  NTMS_OBJ_INSERT = 2,     // object created
  NTMS_OBJ_DELETE = 3,     // object deleted
  NTMS_EVENT_SIGNAL = 4,   // event signalled
  NTMS_EVENT_COMPLETE = 5  // operation completed
};

// Another name of NTMS_PARTSTATE_UNKNOWN.
#define NTMS_PARTSTATE_NEW 0

// UpdateNtmsOmidInfo labelType.
#define NTMS_OMID_TYPE_RAW_LABEL 1        // the buffer is the label as written on the medium
#define NTMS_OMID_TYPE_FILESYSTEM_INFO 2  // the buffer is an NTMS_FILESYSTEM_INFO

// Limits of private attributes: size of the data (exclusive) and of the name (with terminator).
#define NTMS_MAXATTR_LENGTH 0x10000
#define NTMS_MAXATTR_NAMELEN 32

// What the generic rights of a security descriptor stand for.
#define NTMS_GENERIC_READ NTMS_USE_ACCESS
#define NTMS_GENERIC_WRITE (NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS)
#define NTMS_GENERIC_EXECUTE (NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS | NTMS_CONTROL_ACCESS)
#define NTMS_GENERIC_ALL (NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS | NTMS_CONTROL_ACCESS)

// Asynchronous operation; no documented call uses it.
typedef struct _NTMS_ASYNC_IO {
  NTMS_GUID OperationId;  // reserved, zero
  NTMS_GUID EventId;      // handed back on completion
  DWORD dwOperationType;  // NtmsAsyncOperations
  DWORD dwResult;         // Win32 code
  DWORD dwAsyncState;     // NtmsAsyncStatus
  HANDLE hEvent;          // event to signal
  BOOL bOnStateChange;    // TRUE: signal every state change; FALSE: only the end
} NTMS_ASYNC_IO, *LPNTMS_ASYNC_IO;

// Reserved argument of MountNtmsMedia.
typedef struct _NTMS_MOUNT_INFORMATION {
  DWORD dwSize;       // in: size of this structure
  LPVOID lpReserved;  // NULL
} NTMS_MOUNT_INFORMATION, *LPNTMS_MOUNT_INFORMATION;

// Where AllocateNtmsMedia took the medium from.
typedef struct _NTMS_ALLOCATION_INFORMATION {
  DWORD dwSize;             // in: size of this structure
  LPVOID lpReserved;        // NULL
  NTMS_GUID AllocatedFrom;  // out: the pool the medium was in
} NTMS_ALLOCATION_INFORMATION, *LPNTMS_ALLOCATION_INFORMATION;

// ANSI form of NTMS_DRIVEINFORMATIONW; the members mean the same.
typedef struct _NTMS_DRIVEINFORMATIONA {
  DWORD Number;
  DWORD State;
  NTMS_GUID DriveType;
  CHAR szDeviceName[NTMS_DEVICENAME_LENGTH];
  CHAR szSerialNumber[NTMS_SERIALNUMBER_LENGTH];
  CHAR szRevision[NTMS_REVISION_LENGTH];
  WORD ScsiPort;
  WORD ScsiBus;
  WORD ScsiTarget;
  WORD ScsiLun;
  DWORD dwMountCount;
  SYSTEMTIME LastCleanedTs;
  NTMS_GUID SavedPartitionId;
  NTMS_GUID Library;
  GUID Reserved;
  DWORD dwDeferDismountDelay;
} NTMS_DRIVEINFORMATIONA, *LPNTMS_DRIVEINFORMATIONA;

// A drive.
typedef struct _NTMS_DRIVEINFORMATIONW {
  DWORD Number;                                    // its number in the library
  DWORD State;                                     // NtmsDriveState
  NTMS_GUID DriveType;                             // its NTMS_DRIVE_TYPE object
  WCHAR szDeviceName[NTMS_DEVICENAME_LENGTH];      // device path
  WCHAR szSerialNumber[NTMS_SERIALNUMBER_LENGTH];  // empty if the device reports none
  WCHAR szRevision[NTMS_REVISION_LENGTH];          // firmware revision
  WORD ScsiPort;                                   // host adapter
  WORD ScsiBus;
  WORD ScsiTarget;
  WORD ScsiLun;
  DWORD dwMountCount;          // mounts since it is managed
  SYSTEMTIME LastCleanedTs;    // time of the last cleaning
  NTMS_GUID SavedPartitionId;  // side in the drive; null GUID in a full drive: not identified
  NTMS_GUID Library;           // library it belongs to
  GUID Reserved;               // zero
  DWORD dwDeferDismountDelay;  // writable: seconds a cartridge stays after a deferred dismount
} NTMS_DRIVEINFORMATIONW, *LPNTMS_DRIVEINFORMATIONW;

// A library.
typedef struct _NTMS_LIBRARYINFORMATION {
  DWORD LibraryType;                  // NtmsLibraryType
  NTMS_GUID CleanerSlot;              // slot reserved for the cleaner, or null GUID
  NTMS_GUID CleanerSlotDefault;       // preferred slot for the cleaner, or null GUID
  BOOL LibrarySupportsDriveCleaning;  // TRUE: it can clean drives by itself
  BOOL BarCodeReaderInstalled;        // TRUE: it reads bar codes
  DWORD InventoryMethod;              // writable: NTMS_INVENTORY_NONE, _FAST or _OMID
  DWORD dwCleanerUsesRemaining;       // writable: 0 no cleaner; 0xFFFFFFFF not counted
  DWORD FirstDriveNumber;
  DWORD dwNumberOfDrives;
  DWORD FirstSlotNumber;
  DWORD dwNumberOfSlots;  // 0: stand-alone library
  DWORD FirstDoorNumber;
  DWORD dwNumberOfDoors;
  DWORD FirstPortNumber;
  DWORD dwNumberOfPorts;  // largest eject batch
  DWORD FirstChangerNumber;
  DWORD dwNumberOfChangers;
  DWORD dwNumberOfMedia;  // counted when read; also for the offline library
  DWORD dwNumberOfMediaTypes;
  DWORD dwNumberOfLibRequests;
  GUID Reserved;      // zero
  BOOL AutoRecovery;  // writable: TRUE: full inventory after a failed mount
  DWORD dwFlags;      // writable: NtmsLibraryFlags
} NTMS_LIBRARYINFORMATION, *LPNTMS_LIBRARYINFORMATION;

// ANSI form of NTMS_CHANGERINFORMATIONW; the members mean the same.
typedef struct _NTMS_CHANGERINFORMATIONA {
  DWORD Number;
  NTMS_GUID ChangerType;
  CHAR szSerialNumber[NTMS_SERIALNUMBER_LENGTH];
  CHAR szRevision[NTMS_REVISION_LENGTH];
  CHAR szDeviceName[NTMS_DEVICENAME_LENGTH];
  WORD ScsiPort;
  WORD ScsiBus;
  WORD ScsiTarget;
  WORD ScsiLun;
  NTMS_GUID Library;
} NTMS_CHANGERINFORMATIONA, *LPNTMS_CHANGERINFORMATIONA;

// The changer (robot) of a library.
typedef struct _NTMS_CHANGERINFORMATIONW {
  DWORD Number;                                    // its number in the library
  NTMS_GUID ChangerType;                           // its NTMS_CHANGER_TYPE object
  WCHAR szSerialNumber[NTMS_SERIALNUMBER_LENGTH];  // empty if the device reports none
  WCHAR szRevision[NTMS_REVISION_LENGTH];          // firmware revision
  WCHAR szDeviceName[NTMS_DEVICENAME_LENGTH];      // device path
  WORD ScsiPort;                                   // host adapter
  WORD ScsiBus;
  WORD ScsiTarget;
  WORD ScsiLun;
  NTMS_GUID Library;  // library it belongs to
} NTMS_CHANGERINFORMATIONW, *LPNTMS_CHANGERINFORMATIONW;

// A slot.
typedef struct _NTMS_STORAGESLOTINFORMATION {
  DWORD Number;       // its number in the library
  DWORD State;        // NtmsSlotState
  NTMS_GUID Library;  // library it belongs to
} NTMS_STORAGESLOTINFORMATION, *LPNTMS_STORAGESLOTINFORMATION;

// A library door.
typedef struct _NTMS_IEDOORINFORMATION {
  DWORD Number;       // its number in the library
  DWORD State;        // NtmsDoorState
  WORD MaxOpenSecs;   // writable: seconds it may stay open
  NTMS_GUID Library;  // library it belongs to
} NTMS_IEDOORINFORMATION, *LPNTMS_IEDOORINFORMATION;

// An insert/eject port.
typedef struct _NTMS_IEPORTINFORMATION {
  DWORD Number;        // its number in the library
  DWORD Content;       // NtmsPortContent
  DWORD Position;      // NtmsPortPosition
  WORD MaxExtendSecs;  // writable: seconds it may stay open; eject and inject time-out
  NTMS_GUID Library;   // library it belongs to
} NTMS_IEPORTINFORMATION, *LPNTMS_IEPORTINFORMATION;

// ANSI form of NTMS_PMIDINFORMATIONW; the members mean the same.
typedef struct _NTMS_PMIDINFORMATIONA {
  NTMS_GUID CurrentLibrary;
  NTMS_GUID MediaPool;
  NTMS_GUID Location;
  DWORD LocationType;
  NTMS_GUID MediaType;
  NTMS_GUID HomeSlot;
  CHAR szBarCode[NTMS_BARCODE_LENGTH];
  DWORD BarCodeState;
  CHAR szSequenceNumber[NTMS_SEQUENCE_LENGTH];
  DWORD MediaState;
  DWORD dwNumberOfPartitions;
  DWORD dwMediaTypeCode;
  DWORD dwDensityCode;
  NTMS_GUID MountedPartition;
} NTMS_PMIDINFORMATIONA, *LPNTMS_PMIDINFORMATIONA;

// A physical medium (cartridge).
typedef struct _NTMS_PMIDINFORMATIONW {
  NTMS_GUID CurrentLibrary;  // library that holds it, also the offline library
  NTMS_GUID MediaPool;       // its pool
  NTMS_GUID Location;        // slot, drive or port it is in
  DWORD LocationType;        // NTMS_STORAGESLOT (also offline), NTMS_DRIVE or NTMS_IEPORT
  NTMS_GUID MediaType;       // its NTMS_MEDIA_TYPE object
  NTMS_GUID HomeSlot;        // slot it belongs to
  WCHAR szBarCode[NTMS_BARCODE_LENGTH];
  DWORD BarCodeState;                            // NtmsBarCodeState
  WCHAR szSequenceNumber[NTMS_SEQUENCE_LENGTH];  // number for people
  DWORD MediaState;                              // NtmsMediaState
  DWORD dwNumberOfPartitions;                    // number of sides
  DWORD dwMediaTypeCode;                         // SCSI medium type
  DWORD dwDensityCode;                           // SCSI density code
  NTMS_GUID MountedPartition;                    // side in the drive, or null GUID
} NTMS_PMIDINFORMATIONW, *LPNTMS_PMIDINFORMATIONW;

// A logical medium.
typedef struct _NTMS_LMIDINFORMATION {
  NTMS_GUID MediaPool;         // pool of the medium behind it
  DWORD dwNumberOfPartitions;  // number of sides
} NTMS_LMIDINFORMATION, *LPNTMS_LMIDINFORMATION;

// ANSI form of NTMS_PARTITIONINFORMATIONW; the members mean the same.
typedef struct _NTMS_PARTITIONINFORMATIONA {
  NTMS_GUID PhysicalMedia;
  NTMS_GUID LogicalMedia;
  DWORD State;
  WORD Side;
  DWORD dwOmidLabelIdLength;
  BYTE OmidLabelId[NTMS_OMIDLABELID_LENGTH];
  CHAR szOmidLabelType[NTMS_OMIDLABELTYPE_LENGTH];
  CHAR szOmidLabelInfo[NTMS_OMIDLABELINFO_LENGTH];
  DWORD dwMountCount;
  DWORD dwAllocateCount;
  LARGE_INTEGER Capacity;
} NTMS_PARTITIONINFORMATIONA, *LPNTMS_PARTITIONINFORMATIONA;

// A side of a physical medium.
typedef struct _NTMS_PARTITIONINFORMATIONW {
  NTMS_GUID PhysicalMedia;                           // its cartridge
  NTMS_GUID LogicalMedia;                            // null GUID: not allocated
  DWORD State;                                       // NtmsPartitionState
  WORD Side;                                         // 0 first or only side, 1 second side
  DWORD dwOmidLabelIdLength;                         // bytes used in OmidLabelId
  BYTE OmidLabelId[NTMS_OMIDLABELID_LENGTH];         // on-media identifier
  WCHAR szOmidLabelType[NTMS_OMIDLABELTYPE_LENGTH];  // type of the label, the format of the medium
  WCHAR szOmidLabelInfo[NTMS_OMIDLABELINFO_LENGTH];  // description in the label
  DWORD dwMountCount;                                // mounts of this side
  DWORD dwAllocateCount;                             // allocations of this side
  LARGE_INTEGER Capacity;                            // bytes
} NTMS_PARTITIONINFORMATIONW, *LPNTMS_PARTITIONINFORMATIONW;

// A media pool.
typedef struct _NTMS_MEDIAPOOLINFORMATION {
  DWORD PoolType;            // NtmsPoolType
  NTMS_GUID MediaType;       // writable: the type of its media; null GUID: holds pools
  NTMS_GUID Parent;          // null GUID: top level
  DWORD AllocationPolicy;    // writable: NtmsAllocationPolicy
  DWORD DeallocationPolicy;  // writable: NtmsDeallocationPolicy
  DWORD dwMaxAllocates;      // writable: allocations after which a side is decommissioned
  DWORD dwNumberOfPhysicalMedia;
  DWORD dwNumberOfLogicalMedia;
  DWORD dwNumberOfMediaPools;  // pools directly below
} NTMS_MEDIAPOOLINFORMATION, *LPNTMS_MEDIAPOOLINFORMATION;

// A media type.
typedef struct _NTMS_MEDIATYPEINFORMATION {
  DWORD MediaType;                 // STORAGE_MEDIA_TYPE
  DWORD NumberOfSides;             // sides of a cartridge
  DWORD ReadWriteCharacteristics;  // NtmsReadWriteCharacteristics
  DWORD DeviceType;                // FILE_DEVICE_ code
} NTMS_MEDIATYPEINFORMATION, *LPNTMS_MEDIATYPEINFORMATION;

// ANSI form of NTMS_DRIVETYPEINFORMATIONW; the members mean the same.
typedef struct _NTMS_DRIVETYPEINFORMATIONA {
  CHAR szVendor[NTMS_VENDORNAME_LENGTH];
  CHAR szProduct[NTMS_PRODUCTNAME_LENGTH];
  DWORD NumberOfHeads;
  DWORD DeviceType;
} NTMS_DRIVETYPEINFORMATIONA, *LPNTMS_DRIVETYPEINFORMATIONA;

// A drive type (model).
typedef struct _NTMS_DRIVETYPEINFORMATIONW {
  WCHAR szVendor[NTMS_VENDORNAME_LENGTH];    // INQUIRY vendor
  WCHAR szProduct[NTMS_PRODUCTNAME_LENGTH];  // INQUIRY product
  DWORD NumberOfHeads;                       // zero
  DWORD DeviceType;                          // FILE_DEVICE_ code
} NTMS_DRIVETYPEINFORMATIONW, *LPNTMS_DRIVETYPEINFORMATIONW;

// ANSI form of NTMS_CHANGERTYPEINFORMATIONW; the members mean the same.
typedef struct _NTMS_CHANGERTYPEINFORMATIONA {
  CHAR szVendor[NTMS_VENDORNAME_LENGTH];
  CHAR szProduct[NTMS_PRODUCTNAME_LENGTH];
  DWORD DeviceType;
} NTMS_CHANGERTYPEINFORMATIONA, *LPNTMS_CHANGERTYPEINFORMATIONA;

// A changer type (model).
typedef struct _NTMS_CHANGERTYPEINFORMATIONW {
  WCHAR szVendor[NTMS_VENDORNAME_LENGTH];    // INQUIRY vendor
  WCHAR szProduct[NTMS_PRODUCTNAME_LENGTH];  // INQUIRY product
  DWORD DeviceType;                          // FILE_DEVICE_ code
} NTMS_CHANGERTYPEINFORMATIONW, *LPNTMS_CHANGERTYPEINFORMATIONW;

// ANSI form of NTMS_LIBREQUESTINFORMATIONW; the members mean the same.
typedef struct _NTMS_LIBREQUESTINFORMATIONA {
  DWORD OperationCode;
  DWORD OperationOption;
  DWORD State;
  NTMS_GUID PartitionId;
  NTMS_GUID DriveId;
  NTMS_GUID PhysMediaId;
  NTMS_GUID Library;
  NTMS_GUID SlotId;
  SYSTEMTIME TimeQueued;
  SYSTEMTIME TimeCompleted;
  CHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  CHAR szUser[NTMS_USERNAME_LENGTH];
  CHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
  DWORD dwErrorCode;
  NTMS_GUID WorkItemId;
  DWORD dwPriority;
} NTMS_LIBREQUESTINFORMATIONA, *LPNTMS_LIBREQUESTINFORMATIONA;

// A library request (queued, running or finished work of a library).
typedef struct _NTMS_LIBREQUESTINFORMATIONW {
  DWORD OperationCode;    // NtmsLmOperation
  DWORD OperationOption;  // depends on the operation
  DWORD State;            // NtmsLmState
  NTMS_GUID PartitionId;  // side concerned, or null GUID
  NTMS_GUID DriveId;      // drive concerned, or null GUID
  NTMS_GUID PhysMediaId;  // medium concerned, or null GUID; may be gone
  NTMS_GUID Library;      // library that does it
  NTMS_GUID SlotId;       // slot concerned, or null GUID
  SYSTEMTIME TimeQueued;
  SYSTEMTIME TimeCompleted;                          // set in the end states
  WCHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];  // application of the session that asked
  WCHAR szUser[NTMS_USERNAME_LENGTH];                // user of that session
  WCHAR szComputer[NTMS_COMPUTERNAME_LENGTH];        // computer of that session
  DWORD dwErrorCode;                                 // Win32 code when NTMS_LM_FAILED
  NTMS_GUID WorkItemId;                              // with NTMS_LM_REMOVE: the request to cancel
  DWORD dwPriority;
} NTMS_LIBREQUESTINFORMATIONW, *LPNTMS_LIBREQUESTINFORMATIONW;

// ANSI form of NTMS_OPREQUESTINFORMATIONW; the members mean the same.
typedef struct _NTMS_OPREQUESTINFORMATIONA {
  DWORD Request;
  SYSTEMTIME Submitted;
  DWORD State;
  CHAR szMessage[NTMS_MESSAGE_LENGTH];
  DWORD Arg1Type;
  NTMS_GUID Arg1;
  DWORD Arg2Type;
  NTMS_GUID Arg2;
  CHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  CHAR szUser[NTMS_USERNAME_LENGTH];
  CHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
} NTMS_OPREQUESTINFORMATIONA, *LPNTMS_OPREQUESTINFORMATIONA;

// An operator request.
typedef struct _NTMS_OPREQUESTINFORMATIONW {
  DWORD Request;  // NtmsOpreqCommand
  SYSTEMTIME Submitted;
  DWORD State;                                       // NtmsOpreqState
  WCHAR szMessage[NTMS_MESSAGE_LENGTH];              // text for the operator
  DWORD Arg1Type;                                    // NtmsObjectsTypes; NTMS_UNKNOWN: no Arg1
  NTMS_GUID Arg1;                                    // pool, library, device or medium
  DWORD Arg2Type;                                    // NTMS_LIBRARY; NTMS_UNKNOWN: no Arg2
  NTMS_GUID Arg2;                                    // library that is to receive the medium
  WCHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];  // application of the session that asked
  WCHAR szUser[NTMS_USERNAME_LENGTH];                // user of that session
  WCHAR szComputer[NTMS_COMPUTERNAME_LENGTH];        // computer of that session
} NTMS_OPREQUESTINFORMATIONW, *LPNTMS_OPREQUESTINFORMATIONW;

// The computer: settings of the Removable Storage server.
typedef struct _NTMS_COMPUTERINFORMATION {
  DWORD dwLibRequestPurgeTime;  // writable: seconds finished library requests are kept
  DWORD dwOpRequestPurgeTime;   // writable: seconds finished operator requests are kept
  DWORD dwLibRequestFlags;      // writable: NtmsLibRequestFlags
  DWORD dwOpRequestFlags;       // writable: NtmsOpRequestFlags
  DWORD dwMediaPoolPolicy;      // writable: NtmsMediaPoolPolicy
} NTMS_COMPUTERINFORMATION, *LPNTMS_COMPUTERINFORMATION;

// A message of the server about a request.
typedef struct _RSM_MESSAGE {
  LPGUID lpguidOperation;  // request it is about
  DWORD dwNtmsType;        // NtmsObjectsTypes
  DWORD dwState;           // NtmsLmState
  DWORD dwFlags;           // zero
  DWORD dwPriority;
  DWORD dwErrorCode;  // Win32 code
  LPWSTR lpszComputerName;
  LPWSTR lpszApplication;
  LPWSTR lpszUser;
  LPWSTR lpszTimeSubmitted;
  LPWSTR lpszMessage;
} RSM_MESSAGE, *LPRSM_MESSAGE;

// ANSI form of NTMS_OBJECTINFORMATIONW; the members mean the same.
typedef struct _NTMS_OBJECTINFORMATIONA {
  DWORD dwSize;
  DWORD dwType;
  SYSTEMTIME Created;
  SYSTEMTIME Modified;
  NTMS_GUID ObjectGuid;
  BOOL Enabled;
  DWORD dwOperationalState;
  CHAR szName[NTMS_OBJECTNAME_LENGTH];
  CHAR szDescription[NTMS_DESCRIPTION_LENGTH];
  union {
    NTMS_DRIVEINFORMATIONA Drive;
    NTMS_DRIVETYPEINFORMATIONA DriveType;
    NTMS_LIBRARYINFORMATION Library;
    NTMS_CHANGERINFORMATIONA Changer;
    NTMS_CHANGERTYPEINFORMATIONA ChangerType;
    NTMS_STORAGESLOTINFORMATION StorageSlot;
    NTMS_IEDOORINFORMATION IEDoor;
    NTMS_IEPORTINFORMATION IEPort;
    NTMS_PMIDINFORMATIONA PhysicalMedia;
    NTMS_LMIDINFORMATION LogicalMedia;
    NTMS_PARTITIONINFORMATIONA Partition;
    NTMS_MEDIAPOOLINFORMATION MediaPool;
    NTMS_MEDIATYPEINFORMATION MediaType;
    NTMS_LIBREQUESTINFORMATIONA LibRequest;
    NTMS_OPREQUESTINFORMATIONA OpRequest;
    NTMS_COMPUTERINFORMATION Computer;
  } Info;
} NTMS_OBJECTINFORMATIONA, *LPNTMS_OBJECTINFORMATIONA;

// What GetNtmsObjectInformation and SetNtmsObjectInformation exchange: members of every object,
// and in Info those of its type.
typedef struct _NTMS_OBJECTINFORMATIONW {
  DWORD dwSize;  // in: size of the variant used
  DWORD dwType;  // in: NtmsObjectsTypes; selects the member of Info
  SYSTEMTIME Created;
  SYSTEMTIME Modified;
  NTMS_GUID ObjectGuid;
  BOOL Enabled;                          // changed by EnableNtmsObject and DisableNtmsObject
  DWORD dwOperationalState;              // NtmsOperationalState
  WCHAR szName[NTMS_OBJECTNAME_LENGTH];  // writable for libraries, pools, media and sides
  WCHAR szDescription[NTMS_DESCRIPTION_LENGTH];  // writable
  union {
    NTMS_DRIVEINFORMATIONW Drive;              // NTMS_DRIVE
    NTMS_DRIVETYPEINFORMATIONW DriveType;      // NTMS_DRIVE_TYPE
    NTMS_LIBRARYINFORMATION Library;           // NTMS_LIBRARY
    NTMS_CHANGERINFORMATIONW Changer;          // NTMS_CHANGER
    NTMS_CHANGERTYPEINFORMATIONW ChangerType;  // NTMS_CHANGER_TYPE
    NTMS_STORAGESLOTINFORMATION StorageSlot;   // NTMS_STORAGESLOT
    NTMS_IEDOORINFORMATION IEDoor;             // NTMS_IEDOOR
    NTMS_IEPORTINFORMATION IEPort;             // NTMS_IEPORT
    NTMS_PMIDINFORMATIONW PhysicalMedia;       // NTMS_PHYSICAL_MEDIA
    NTMS_LMIDINFORMATION LogicalMedia;         // NTMS_LOGICAL_MEDIA
    NTMS_PARTITIONINFORMATIONW Partition;      // NTMS_PARTITION
    NTMS_MEDIAPOOLINFORMATION MediaPool;       // NTMS_MEDIA_POOL
    NTMS_MEDIATYPEINFORMATION MediaType;       // NTMS_MEDIA_TYPE
    NTMS_LIBREQUESTINFORMATIONW LibRequest;    // NTMS_LIBREQUEST
    NTMS_OPREQUESTINFORMATIONW OpRequest;      // NTMS_OPREQUEST
    NTMS_COMPUTERINFORMATION Computer;         // NTMS_COMPUTER
  } Info;                                      // selected by dwType
} NTMS_OBJECTINFORMATIONW, *LPNTMS_OBJECTINFORMATIONW;

// The first generation of the layouts, for callers that pass its dwSize: members that came later
// are missing, and there is no Computer.

// First generation of NTMS_LIBRARYINFORMATION.
typedef struct _NTMS_I1_LIBRARYINFORMATION {
  DWORD LibraryType;
  NTMS_GUID CleanerSlot;
  NTMS_GUID CleanerSlotDefault;
  BOOL LibrarySupportsDriveCleaning;
  BOOL BarCodeReaderInstalled;
  DWORD InventoryMethod;
  DWORD dwCleanerUsesRemaining;
  DWORD FirstDriveNumber;
  DWORD dwNumberOfDrives;
  DWORD FirstSlotNumber;
  DWORD dwNumberOfSlots;
  DWORD FirstDoorNumber;
  DWORD dwNumberOfDoors;
  DWORD FirstPortNumber;
  DWORD dwNumberOfPorts;
  DWORD FirstChangerNumber;
  DWORD dwNumberOfChangers;
  DWORD dwNumberOfMedia;
  DWORD dwNumberOfMediaTypes;
  DWORD dwNumberOfLibRequests;
  GUID Reserved;
} NTMS_I1_LIBRARYINFORMATION, *LPNTMS_I1_LIBRARYINFORMATION;

// ANSI form of NTMS_I1_LIBREQUESTINFORMATIONW; the members mean the same.
typedef struct _NTMS_I1_LIBREQUESTINFORMATIONA {
  DWORD OperationCode;
  DWORD OperationOption;
  DWORD State;
  NTMS_GUID PartitionId;
  NTMS_GUID DriveId;
  NTMS_GUID PhysMediaId;
  NTMS_GUID Library;
  NTMS_GUID SlotId;
  SYSTEMTIME TimeQueued;
  SYSTEMTIME TimeCompleted;
  CHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  CHAR szUser[NTMS_USERNAME_LENGTH];
  CHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
} NTMS_I1_LIBREQUESTINFORMATIONA, *LPNTMS_I1_LIBREQUESTINFORMATIONA;

// First generation of NTMS_LIBREQUESTINFORMATIONW.
typedef struct _NTMS_I1_LIBREQUESTINFORMATIONW {
  DWORD OperationCode;
  DWORD OperationOption;
  DWORD State;
  NTMS_GUID PartitionId;
  NTMS_GUID DriveId;
  NTMS_GUID PhysMediaId;
  NTMS_GUID Library;
  NTMS_GUID SlotId;
  SYSTEMTIME TimeQueued;
  SYSTEMTIME TimeCompleted;
  WCHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  WCHAR szUser[NTMS_USERNAME_LENGTH];
  WCHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
} NTMS_I1_LIBREQUESTINFORMATIONW, *LPNTMS_I1_LIBREQUESTINFORMATIONW;

// ANSI form of NTMS_I1_PMIDINFORMATIONW; the members mean the same.
typedef struct _NTMS_I1_PMIDINFORMATIONA {
  NTMS_GUID CurrentLibrary;
  NTMS_GUID MediaPool;
  NTMS_GUID Location;
  DWORD LocationType;
  NTMS_GUID MediaType;
  NTMS_GUID HomeSlot;
  CHAR szBarCode[NTMS_BARCODE_LENGTH];
  DWORD BarCodeState;
  CHAR szSequenceNumber[NTMS_SEQUENCE_LENGTH];
  DWORD MediaState;
  DWORD dwNumberOfPartitions;
} NTMS_I1_PMIDINFORMATIONA, *LPNTMS_I1_PMIDINFORMATIONA;

// First generation of NTMS_PMIDINFORMATIONW.
typedef struct _NTMS_I1_PMIDINFORMATIONW {
  NTMS_GUID CurrentLibrary;
  NTMS_GUID MediaPool;
  NTMS_GUID Location;
  DWORD LocationType;
  NTMS_GUID MediaType;
  NTMS_GUID HomeSlot;
  WCHAR szBarCode[NTMS_BARCODE_LENGTH];
  DWORD BarCodeState;
  WCHAR szSequenceNumber[NTMS_SEQUENCE_LENGTH];
  DWORD MediaState;
  DWORD dwNumberOfPartitions;
} NTMS_I1_PMIDINFORMATIONW, *LPNTMS_I1_PMIDINFORMATIONW;

// ANSI form of NTMS_I1_PARTITIONINFORMATIONW; the members mean the same.
typedef struct _NTMS_I1_PARTITIONINFORMATIONA {
  NTMS_GUID PhysicalMedia;
  NTMS_GUID LogicalMedia;
  DWORD State;
  WORD Side;
  DWORD dwOmidLabelIdLength;
  BYTE OmidLabelId[255];
  CHAR szOmidLabelType[64];
  CHAR szOmidLabelInfo[256];
  DWORD dwMountCount;
  DWORD dwAllocateCount;
} NTMS_I1_PARTITIONINFORMATIONA, *LPNTMS_I1_PARTITIONINFORMATIONA;

// First generation of NTMS_PARTITIONINFORMATIONW.
typedef struct _NTMS_I1_PARTITIONINFORMATIONW {
  NTMS_GUID PhysicalMedia;
  NTMS_GUID LogicalMedia;
  DWORD State;
  WORD Side;
  DWORD dwOmidLabelIdLength;
  BYTE OmidLabelId[255];
  WCHAR szOmidLabelType[64];
  WCHAR szOmidLabelInfo[256];
  DWORD dwMountCount;
  DWORD dwAllocateCount;
} NTMS_I1_PARTITIONINFORMATIONW, *LPNTMS_I1_PARTITIONINFORMATIONW;

// ANSI form of NTMS_I1_OPREQUESTINFORMATIONW; the members mean the same.
typedef struct _NTMS_I1_OPREQUESTINFORMATIONA {
  DWORD Request;
  SYSTEMTIME Submitted;
  DWORD State;
  CHAR szMessage[NTMS_I1_MESSAGE_LENGTH];
  DWORD Arg1Type;
  NTMS_GUID Arg1;
  DWORD Arg2Type;
  NTMS_GUID Arg2;
  CHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  CHAR szUser[NTMS_USERNAME_LENGTH];
  CHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
} NTMS_I1_OPREQUESTINFORMATIONA, *LPNTMS_I1_OPREQUESTINFORMATIONA;

// First generation of NTMS_OPREQUESTINFORMATIONW.
typedef struct _NTMS_I1_OPREQUESTINFORMATIONW {
  DWORD Request;
  SYSTEMTIME Submitted;
  DWORD State;
  WCHAR szMessage[NTMS_I1_MESSAGE_LENGTH];
  DWORD Arg1Type;
  NTMS_GUID Arg1;
  DWORD Arg2Type;
  NTMS_GUID Arg2;
  WCHAR szApplication[NTMS_APPLICATIONNAME_LENGTH];
  WCHAR szUser[NTMS_USERNAME_LENGTH];
  WCHAR szComputer[NTMS_COMPUTERNAME_LENGTH];
} NTMS_I1_OPREQUESTINFORMATIONW, *LPNTMS_I1_OPREQUESTINFORMATIONW;

// ANSI form of NTMS_I1_OBJECTINFORMATIONW; the members mean the same.
typedef struct _NTMS_I1_OBJECTINFORMATIONA {
  DWORD dwSize;
  DWORD dwType;
  SYSTEMTIME Created;
  SYSTEMTIME Modified;
  NTMS_GUID ObjectGuid;
  BOOL Enabled;
  DWORD dwOperationalState;
  CHAR szName[NTMS_OBJECTNAME_LENGTH];
  CHAR szDescription[NTMS_DESCRIPTION_LENGTH];
  union {
    NTMS_DRIVEINFORMATIONA Drive;
    NTMS_DRIVETYPEINFORMATIONA DriveType;
    NTMS_I1_LIBRARYINFORMATION Library;
    NTMS_CHANGERINFORMATIONA Changer;
    NTMS_CHANGERTYPEINFORMATIONA ChangerType;
    NTMS_STORAGESLOTINFORMATION StorageSlot;
    NTMS_IEDOORINFORMATION IEDoor;
    NTMS_IEPORTINFORMATION IEPort;
    NTMS_I1_PMIDINFORMATIONA PhysicalMedia;
    NTMS_LMIDINFORMATION LogicalMedia;
    NTMS_I1_PARTITIONINFORMATIONA Partition;
    NTMS_MEDIAPOOLINFORMATION MediaPool;
    NTMS_MEDIATYPEINFORMATION MediaType;
    NTMS_I1_LIBREQUESTINFORMATIONA LibRequest;
    NTMS_I1_OPREQUESTINFORMATIONA OpRequest;
  } Info;
} NTMS_I1_OBJECTINFORMATIONA, *LPNTMS_I1_OBJECTINFORMATIONA;

// First generation of NTMS_OBJECTINFORMATIONW.
typedef struct _NTMS_I1_OBJECTINFORMATIONW {
  DWORD dwSize;
  DWORD dwType;
  SYSTEMTIME Created;
  SYSTEMTIME Modified;
  NTMS_GUID ObjectGuid;
  BOOL Enabled;
  DWORD dwOperationalState;
  WCHAR szName[NTMS_OBJECTNAME_LENGTH];
  WCHAR szDescription[NTMS_DESCRIPTION_LENGTH];
  union {
    NTMS_DRIVEINFORMATIONW Drive;
    NTMS_DRIVETYPEINFORMATIONW DriveType;
    NTMS_I1_LIBRARYINFORMATION Library;
    NTMS_CHANGERINFORMATIONW Changer;
    NTMS_CHANGERTYPEINFORMATIONW ChangerType;
    NTMS_STORAGESLOTINFORMATION StorageSlot;
    NTMS_IEDOORINFORMATION IEDoor;
    NTMS_IEPORTINFORMATION IEPort;
    NTMS_I1_PMIDINFORMATIONW PhysicalMedia;
    NTMS_LMIDINFORMATION LogicalMedia;
    NTMS_I1_PARTITIONINFORMATIONW Partition;
    NTMS_MEDIAPOOLINFORMATION MediaPool;
    NTMS_MEDIATYPEINFORMATION MediaType;
    NTMS_I1_LIBREQUESTINFORMATIONW LibRequest;
    NTMS_I1_OPREQUESTINFORMATIONW OpRequest;
  } Info;
} NTMS_I1_OBJECTINFORMATIONW, *LPNTMS_I1_OBJECTINFORMATIONW;

// The on-media identifier of a disk, for UpdateNtmsOmidInfo.
typedef struct {
  WCHAR FileSystemType[64];  // such as NTFS
  WCHAR VolumeName[256];
  DWORD SerialNumber;  // of the volume
} NTMS_FILESYSTEM_INFO, *LPNTMS_FILESYSTEM_INFO;

// What WaitForNtmsNotification reports.
typedef struct _NTMS_NOTIFICATIONINFORMATION {
  DWORD dwOperation;   // NtmsNotificationOperations
  NTMS_GUID ObjectId;  // the object changed
} NTMS_NOTIFICATIONINFORMATION, *LPNTMS_NOTIFICATIONINFORMATION;

#pragma pack(pop)

// Names without A or W follow the setting UNICODE, as in <windows.h>.
#ifdef UNICODE
typedef NTMS_DRIVEINFORMATIONW NTMS_DRIVEINFORMATION;
typedef LPNTMS_DRIVEINFORMATIONW LPNTMS_DRIVEINFORMATION;
typedef NTMS_CHANGERINFORMATIONW NTMS_CHANGERINFORMATION;
typedef LPNTMS_CHANGERINFORMATIONW LPNTMS_CHANGERINFORMATION;
typedef NTMS_PMIDINFORMATIONW NTMS_PMIDINFORMATION;
typedef LPNTMS_PMIDINFORMATIONW LPNTMS_PMIDINFORMATION;
typedef NTMS_PARTITIONINFORMATIONW NTMS_PARTITIONINFORMATION;
typedef LPNTMS_PARTITIONINFORMATIONW LPNTMS_PARTITIONINFORMATION;
typedef NTMS_DRIVETYPEINFORMATIONW NTMS_DRIVETYPEINFORMATION;
typedef LPNTMS_DRIVETYPEINFORMATIONW LPNTMS_DRIVETYPEINFORMATION;
typedef NTMS_CHANGERTYPEINFORMATIONW NTMS_CHANGERTYPEINFORMATION;
typedef LPNTMS_CHANGERTYPEINFORMATIONW LPNTMS_CHANGERTYPEINFORMATION;
typedef NTMS_LIBREQUESTINFORMATIONW NTMS_LIBREQUESTINFORMATION;
typedef LPNTMS_LIBREQUESTINFORMATIONW LPNTMS_LIBREQUESTINFORMATION;
typedef NTMS_OPREQUESTINFORMATIONW NTMS_OPREQUESTINFORMATION;
typedef LPNTMS_OPREQUESTINFORMATIONW LPNTMS_OPREQUESTINFORMATION;
typedef NTMS_OBJECTINFORMATIONW NTMS_OBJECTINFORMATION;
typedef LPNTMS_OBJECTINFORMATIONW LPNTMS_OBJECTINFORMATION;
typedef NTMS_I1_LIBREQUESTINFORMATIONW NTMS_I1_LIBREQUESTINFORMATION;
typedef LPNTMS_I1_LIBREQUESTINFORMATIONW LPNTMS_I1_LIBREQUESTINFORMATION;
typedef NTMS_I1_PMIDINFORMATIONW NTMS_I1_PMIDINFORMATION;
typedef LPNTMS_I1_PMIDINFORMATIONW LPNTMS_I1_PMIDINFORMATION;
typedef NTMS_I1_PARTITIONINFORMATIONW NTMS_I1_PARTITIONINFORMATION;
typedef LPNTMS_I1_PARTITIONINFORMATIONW LPNTMS_I1_PARTITIONINFORMATION;
typedef NTMS_I1_OPREQUESTINFORMATIONW NTMS_I1_OPREQUESTINFORMATION;
typedef LPNTMS_I1_OPREQUESTINFORMATIONW LPNTMS_I1_OPREQUESTINFORMATION;
typedef NTMS_I1_OBJECTINFORMATIONW NTMS_I1_OBJECTINFORMATION;
typedef LPNTMS_I1_OBJECTINFORMATIONW LPNTMS_I1_OBJECTINFORMATION;
#else
typedef NTMS_DRIVEINFORMATIONA NTMS_DRIVEINFORMATION;
typedef LPNTMS_DRIVEINFORMATIONA LPNTMS_DRIVEINFORMATION;
typedef NTMS_CHANGERINFORMATIONA NTMS_CHANGERINFORMATION;
typedef LPNTMS_CHANGERINFORMATIONA LPNTMS_CHANGERINFORMATION;
typedef NTMS_PMIDINFORMATIONA NTMS_PMIDINFORMATION;
typedef LPNTMS_PMIDINFORMATIONA LPNTMS_PMIDINFORMATION;
typedef NTMS_PARTITIONINFORMATIONA NTMS_PARTITIONINFORMATION;
typedef LPNTMS_PARTITIONINFORMATIONA LPNTMS_PARTITIONINFORMATION;
typedef NTMS_DRIVETYPEINFORMATIONA NTMS_DRIVETYPEINFORMATION;
typedef LPNTMS_DRIVETYPEINFORMATIONA LPNTMS_DRIVETYPEINFORMATION;
typedef NTMS_CHANGERTYPEINFORMATIONA NTMS_CHANGERTYPEINFORMATION;
typedef LPNTMS_CHANGERTYPEINFORMATIONA LPNTMS_CHANGERTYPEINFORMATION;
typedef NTMS_LIBREQUESTINFORMATIONA NTMS_LIBREQUESTINFORMATION;
typedef LPNTMS_LIBREQUESTINFORMATIONA LPNTMS_LIBREQUESTINFORMATION;
typedef NTMS_OPREQUESTINFORMATIONA NTMS_OPREQUESTINFORMATION;
typedef LPNTMS_OPREQUESTINFORMATIONA LPNTMS_OPREQUESTINFORMATION;
typedef NTMS_OBJECTINFORMATIONA NTMS_OBJECTINFORMATION;
typedef LPNTMS_OBJECTINFORMATIONA LPNTMS_OBJECTINFORMATION;
typedef NTMS_I1_LIBREQUESTINFORMATIONA NTMS_I1_LIBREQUESTINFORMATION;
typedef LPNTMS_I1_LIBREQUESTINFORMATIONA LPNTMS_I1_LIBREQUESTINFORMATION;
typedef NTMS_I1_PMIDINFORMATIONA NTMS_I1_PMIDINFORMATION;
typedef LPNTMS_I1_PMIDINFORMATIONA LPNTMS_I1_PMIDINFORMATION;
typedef NTMS_I1_PARTITIONINFORMATIONA NTMS_I1_PARTITIONINFORMATION;
typedef LPNTMS_I1_PARTITIONINFORMATIONA LPNTMS_I1_PARTITIONINFORMATION;
typedef NTMS_I1_OPREQUESTINFORMATIONA NTMS_I1_OPREQUESTINFORMATION;
typedef LPNTMS_I1_OPREQUESTINFORMATIONA LPNTMS_I1_OPREQUESTINFORMATION;
typedef NTMS_I1_OBJECTINFORMATIONA NTMS_I1_OBJECTINFORMATION;
typedef LPNTMS_I1_OBJECTINFORMATIONA LPNTMS_I1_OBJECTINFORMATION;
#endif

// ---- Session management ----

// Opens a session with the Removable Storage server of a computer.
//   lpServer       in, optional: NetBIOS or DNS name; NULL and "" are this computer
//   lpApplication  in, optional: name shown with the session's requests, cut to 63 characters;
//                  NULL and "" give "RSM"
//   dwOptions      in: every value is accepted and ignored (NtmsSessionOptions)
// Returns a session handle, to be given back with CloseNtmsSession, or INVALID_HANDLE_VALUE (never
// NULL) with the cause in GetLastError: ERROR_INVALID_COMPUTERNAME malformed server name,
// ERROR_NOT_CONNECTED another computer or no server, ERROR_NOT_READY server still starting,
// ERROR_ACCESS_DENIED no NTMS_USE_ACCESS on the computer. Touches no device.
// Any thread. Contract: functions-session 1.
HANDLE WINAPI OpenNtmsSessionW(LPCWSTR lpServer, LPCWSTR lpApplication, DWORD dwOptions);
HANDLE WINAPI OpenNtmsSessionA(LPCSTR lpServer, LPCSTR lpApplication, DWORD dwOptions);

// Closes a session. Blocked calls of the session return ERROR_CANCELLED; its notification and
// change-detection handles and application UI destinations go with it. Queued work stays queued.
//   hSession  in: the session; not valid afterwards
// Errors: ERROR_INVALID_HANDLE (also for a second close), ERROR_CONNECTION_UNAVAIL.
// Any thread, also while others use the session. Contract: functions-session 2.
DWORD WINAPI CloseNtmsSession(HANDLE hSession);

// ---- Object management ----

// Lists the identifiers of all objects of a type, or of those inside a container.
//   lpContainerId  in, optional: library, media pool, physical medium, logical medium or side;
//                  NULL lists everything (of media pools: the top level)
//   lpList         out: caller's array; may be NULL when *lpdwListSize is 0
//   lpdwListSize   in/out: capacity, then number of identifiers found (never bytes)
//   dwType         in: NtmsObjectsTypes, 2 to 17
//   dwOptions      in: NtmsEnumerateOption
// Errors: ERROR_INSUFFICIENT_BUFFER when there are more than fit (the list is filled as far as it
// goes, *lpdwListSize is the number needed; call again in a loop), ERROR_INVALID_PARAMETER type or
// container not fitting, ERROR_OBJECT_NOT_FOUND unknown container. An empty list is success.
// Any thread; reads only. Contract: functions-objects 4.
DWORD WINAPI EnumerateNtmsObject(HANDLE hSession, const LPNTMS_GUID lpContainerId,
                                 LPNTMS_GUID lpList, LPDWORD lpdwListSize, DWORD dwType,
                                 DWORD dwOptions);

// Reads the information structure of an object.
//   lpObjectId  in: the object
//   lpInfo      in/out: dwSize is the size of the variant used (current or NTMS_I1_, or at least as
//               far as the member of the type reaches), dwType the type or NTMS_UNKNOWN to have it
//               filled in; everything else is output. Never written beyond dwSize.
// Errors: ERROR_INVALID_PARAMETER size or type wrong, ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED.
// Any thread; reads only. Contract: functions-objects 1.
DWORD WINAPI GetNtmsObjectInformationW(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                       LPNTMS_OBJECTINFORMATIONW lpInfo);
DWORD WINAPI GetNtmsObjectInformationA(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                       LPNTMS_OBJECTINFORMATIONA lpInfo);

// Stores the writable members of an object (marked "writable" at the structures); all others are
// ignored. Read the object first: every writable member is taken as it stands.
//   lpObjectId  in: the object; lpInfo->ObjectGuid is ignored
//   lpInfo      in: dwSize and dwType as for GetNtmsObjectInformation
// Errors: ERROR_INVALID_PARAMETER size, type or a value not valid, ERROR_ALREADY_EXISTS pool name
// taken, ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED.
// Any thread; all members are stored or none. Contract: functions-objects 2.
DWORD WINAPI SetNtmsObjectInformationW(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                       LPNTMS_OBJECTINFORMATIONW lpInfo);
DWORD WINAPI SetNtmsObjectInformationA(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                       LPNTMS_OBJECTINFORMATIONA lpInfo);

// Queues the enabling of a library, drive or physical medium.
//   dwType      in: NTMS_LIBRARY, NTMS_DRIVE or NTMS_PHYSICAL_MEDIA
//   lpObjectId  in: the object
// Errors: ERROR_INVALID_STATE already enabled, ERROR_LIBRARY_OFFLINE the offline library,
// ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-objects 5.
DWORD WINAPI EnableNtmsObject(HANDLE hSession, DWORD dwType, LPNTMS_GUID lpObjectId);

// Queues the disabling of a library, drive or physical medium; work on it then fails until it is
// enabled again. A cartridge in a disabled drive goes back to its slot where possible.
//   dwType      in: NTMS_LIBRARY, NTMS_DRIVE or NTMS_PHYSICAL_MEDIA
//   lpObjectId  in: the object
// Errors: ERROR_INVALID_STATE already disabled, ERROR_LIBRARY_OFFLINE the offline library,
// ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-objects 6.
DWORD WINAPI DisableNtmsObject(HANDLE hSession, DWORD dwType, LPNTMS_GUID lpObjectId);

// Reads a private attribute of an object: named bytes that an application attached to it.
//   lpObjectId       in: the object
//   dwType           in: its NtmsObjectsTypes
//   lpAttributeName  in: the name, compared with case
//   lpAttributeData  out: caller's buffer; the bytes are never converted
//   lpAttributeSize  in/out: capacity, then size, in bytes
// Errors: ERROR_INSUFFICIENT_BUFFER (*lpAttributeSize is the size needed), ERROR_OBJECT_NOT_FOUND
// object or attribute unknown, ERROR_NO_DATA, ERROR_ACCESS_DENIED.
// Any thread; reads only. Contract: functions-objects 7.
DWORD WINAPI GetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                     LPCWSTR lpAttributeName, LPVOID lpAttributeData,
                                     LPDWORD lpAttributeSize);
DWORD WINAPI GetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                     LPCSTR lpAttributeName, LPVOID lpAttributeData,
                                     LPDWORD lpAttributeSize);

// Creates or replaces a private attribute of an object; size 0 deletes it.
//   lpObjectId       in: the object
//   dwType           in: its NtmsObjectsTypes
//   lpAttributeName  in: at most 31 characters
//   lpAttributeData  in: the bytes, copied; may be NULL when the size is 0
//   dwAttributeSize  in: bytes, less than NTMS_MAXATTR_LENGTH
// Errors: ERROR_INVALID_NAME, ERROR_NO_DATA too large, ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-objects 8.
DWORD WINAPI SetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                     LPCWSTR lpAttributeName, LPVOID lpAttributeData,
                                     DWORD dwAttributeSize);
DWORD WINAPI SetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                     LPCSTR lpAttributeName, LPVOID lpAttributeData,
                                     DWORD dwAttributeSize);

// Reads parts of the security descriptor of an object.
//   lpObjectId            in: the object
//   dwType                in: its NtmsObjectsTypes
//   RequestedInformation  in: the parts wanted (OWNER_SECURITY_INFORMATION and so on)
//   lpSecurityDescriptor  out: caller's buffer, receives a self-relative descriptor
//   nLength               in: its size in bytes
//   lpnLengthNeeded       out: bytes needed
// Errors: ERROR_INSUFFICIENT_BUFFER, ERROR_NO_SECURITY_ON_OBJECT, ERROR_OBJECT_NOT_FOUND,
// ERROR_ACCESS_DENIED no READ_CONTROL.
// Any thread; reads only. Contract: functions-objects 9.
DWORD WINAPI GetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                   SECURITY_INFORMATION RequestedInformation,
                                   PSECURITY_DESCRIPTOR lpSecurityDescriptor, DWORD nLength,
                                   LPDWORD lpnLengthNeeded);

// Replaces parts of the security descriptor of an object.
//   lpObjectId            in: the object
//   dwType                in: its NtmsObjectsTypes
//   SecurityInformation   in: the parts to replace
//   lpSecurityDescriptor  in: absolute or self-relative descriptor, copied
// Errors: ERROR_INVALID_PARAMETER descriptor not valid, ERROR_NO_SECURITY_ON_OBJECT,
// ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED no WRITE_DAC.
// Any thread. Contract: functions-objects 10.
DWORD WINAPI SetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD dwType,
                                   SECURITY_INFORMATION SecurityInformation,
                                   PSECURITY_DESCRIPTOR lpSecurityDescriptor);

// ---- Library control ----

// Ejects a cartridge through the insert/eject port, now or in a batch, or stops an eject.
//   lpMediaId         in: physical medium; with NTMS_EJECT_START NULL or the null GUID starts the
//                     queued batch; ignored with NTMS_EJECT_STOP
//   lpEjectOperation  out with START and FORCE: identifier of the library request;
//                     in with STOP: the request to stop; unused with QUEUE
//   dwAction          in: NTMS_EJECT_START, _STOP, _QUEUE or _FORCE
// Errors: ERROR_BUSY batch larger than the port, or medium in use, ERROR_INVALID_MEDIA,
// ERROR_INVALID_OPERATION nothing to stop, ERROR_LIBRARY_OFFLINE, ERROR_MEDIA_NOT_AVAILABLE medium
// disabled, ERROR_DEVICE_NOT_AVAILABLE library disabled, ERROR_RESOURCE_NOT_PRESENT no port,
// ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED. Success says that the request is queued; its object
// tells how it ended.
// Any thread; returns when queued. Contract: functions-library-control 1.
DWORD WINAPI EjectNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, LPNTMS_GUID lpEjectOperation,
                            DWORD dwAction);

// Opens the insert/eject port and takes in what is placed there, or ends that.
//   lpLibraryId        in: the library
//   lpInjectOperation  out with START and STARTMANY, in with STOP and RETRACT: the library request
//   dwAction           in: NtmsInjectOperation
// Errors: ERROR_LIBRARY_FULL, ERROR_INVALID_OPERATION, ERROR_INVALID_LIBRARY,
// ERROR_LIBRARY_OFFLINE, ERROR_DEVICE_NOT_AVAILABLE, ERROR_RESOURCE_NOT_PRESENT no port,
// ERROR_ACCESS_DENIED. Any thread; returns when queued. Contract: functions-library-control 2.
DWORD WINAPI InjectNtmsMedia(HANDLE hSession, LPNTMS_GUID lpLibraryId,
                             LPNTMS_GUID lpInjectOperation, DWORD dwAction);

// Queues the unlocking of the library door, and the inventory after it was closed.
//   lpLibraryId  in: the library
//   dwAction     in: NTMS_INVENTORY_NONE, _FAST, _OMID or _DEFAULT, the inventory wanted
// Errors: ERROR_RESOURCE_NOT_PRESENT no door, ERROR_RESOURCE_DISABLED, ERROR_LIBRARY_OFFLINE,
// ERROR_INVALID_LIBRARY, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 3.
DWORD WINAPI AccessNtmsLibraryDoor(HANDLE hSession, LPNTMS_GUID lpLibraryId, DWORD dwAction);

// Marks every full slot for identification and queues the inventory, or stops a running one.
//   lpLibraryId  in: the library, not the offline library
//   dwAction     in: NTMS_INVENTORY_FAST, _OMID, _DEFAULT, _SLOT or _STOP
// Errors: ERROR_INVALID_LIBRARY unknown or offline library, ERROR_RESOURCE_DISABLED,
// ERROR_DEVICE_NOT_AVAILABLE not connected, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; returns when the slots are marked. Contract: functions-library-control 4.
DWORD WINAPI InventoryNtmsLibrary(HANDLE hSession, LPNTMS_GUID lpLibraryId, DWORD dwAction);

// Identifies the cartridge in one slot and returns when that is done. An empty slot is success.
//   lpSlotId  in: the slot
//   dwOption  in: NTMS_DISMOUNT_IMMEDIATE or 0 to put the cartridge back, NTMS_DISMOUNT_DEFERRED to
//             leave it in the drive
// Errors: ERROR_OBJECT_NOT_FOUND, ERROR_LIBRARY_OFFLINE, ERROR_RESOURCE_DISABLED, or the error the
// identification ended with.
// Any thread; blocks for the time of the moves. Contract: functions-library-control 5.
DWORD WINAPI IdentifyNtmsSlot(HANDLE hSession, LPNTMS_GUID lpSlotId, DWORD dwOption);

// Queues the return of the cartridge in a drive to its slot.
//   lpDriveId  in: the drive
// Errors: ERROR_INVALID_DRIVE, ERROR_INVALID_STATE empty or in use, ERROR_LIBRARY_OFFLINE,
// ERROR_DEVICE_NOT_AVAILABLE disabled, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 7.
DWORD WINAPI DismountNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId);

// Cancels a library request that is not finished and not in the middle of a move.
//   lpRequestId  in: the request; it may belong to another session
// Errors: ERROR_OBJECT_NOT_FOUND unknown or finished, ERROR_ACCESS_DENIED right missing or the
// request cannot be interrupted now, ERROR_INVALID_PARAMETER.
// Any thread; returns when queued or done. Contract: functions-library-control 8.
DWORD WINAPI CancelNtmsLibraryRequest(HANDLE hSession, LPNTMS_GUID lpRequestId);

// Reads the position of a library request in its queue.
//   lpRequestId      in: the request
//   lpdwOrderNumber  out: 1 is next; 0 when the request has no order (only mounts have one)
// Errors: ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; reads only. Contract: functions-library-control 9.
DWORD WINAPI GetNtmsRequestOrder(HANDLE hSession, LPNTMS_GUID lpRequestId, LPDWORD lpdwOrderNumber);

// Moves a mount request to a position in its queue; the others are renumbered.
//   lpRequestId    in: the request
//   dwOrderNumber  in: 1 is next, anything above the number of requests is last
// Errors: ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER (also for 0), ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-library-control 10.
DWORD WINAPI SetNtmsRequestOrder(HANDLE hSession, LPNTMS_GUID lpRequestId, DWORD dwOrderNumber);

// Deletes finished requests from the database; unfinished and unknown ones are skipped silently.
//   lpRequestId  in: array of dwCount identifiers
//   dwType       in: NTMS_LIBREQUEST or NTMS_OPREQUEST
//   dwCount      in: number of identifiers
// Errors: ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-library-control 11.
DWORD WINAPI DeleteNtmsRequests(HANDLE hSession, LPNTMS_GUID lpRequestId, DWORD dwType,
                                DWORD dwCount);

// Deletes a library that is not connected any more, with its drives, slots, ports, doors and
// changers. Its media go to the offline library.
//   lpLibraryId  in: the library
// Errors: ERROR_INVALID_LIBRARY unknown or offline library, ERROR_INVALID_STATE still present,
// ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-library-control 12.
DWORD WINAPI DeleteNtmsLibrary(HANDLE hSession, LPNTMS_GUID lpLibraryId);

// Deletes a drive that is not present; for a stand-alone drive its whole library.
//   lpDriveId  in: the drive
// Errors: ERROR_INVALID_DRIVE, ERROR_INVALID_STATE present, ERROR_INVALID_LIBRARY,
// ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-library-control 13.
DWORD WINAPI DeleteNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId);

// Lists the computers that user interface of one kind is sent to.
//   lpObjectId       in: computer or library; NULL is this session
//   dwType           in: NTMS_UITYPE_INFO, _REQ or _ERR
//   lpszDestination  out: caller's buffer for a multi-string: names, each terminated, and one more
//                    terminator
//   lpdwBufSize      in/out: capacity, then size, in characters; 0 for an empty list
// Errors: ERROR_INSUFFICIENT_BUFFER (*lpdwBufSize is the size needed), ERROR_OBJECT_NOT_FOUND,
// ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; reads only. Contract: functions-session 12.
DWORD WINAPI GetNtmsUIOptionsW(HANDLE hSession, const LPNTMS_GUID lpObjectId, DWORD dwType,
                               LPWSTR lpszDestination, LPDWORD lpdwBufSize);
DWORD WINAPI GetNtmsUIOptionsA(HANDLE hSession, const LPNTMS_GUID lpObjectId, DWORD dwType,
                               LPSTR lpszDestination, LPDWORD lpdwBufSize);

// Adds or removes a computer that user interface of one kind is sent to.
//   lpObjectId       in: computer or library; NULL is this session
//   dwType           in: NTMS_UITYPE_INFO, _REQ or _ERR
//   dwOperation      in: NtmsUIOperations
//   lpszDestination  in: one computer name, "" is this computer; ignored with NTMS_UIDEST_DELETEALL
// Errors: ERROR_ALREADY_EXISTS, ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER,
// ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-session 13.
DWORD WINAPI SetNtmsUIOptionsW(HANDLE hSession, const LPNTMS_GUID lpObjectId, DWORD dwType,
                               DWORD dwOperation, LPCWSTR lpszDestination);
DWORD WINAPI SetNtmsUIOptionsA(HANDLE hSession, const LPNTMS_GUID lpObjectId, DWORD dwType,
                               DWORD dwOperation, LPCSTR lpszDestination);

// Ejects the medium of a stand-alone drive named by its device path; opens its own session.
//   lpComputerName         in, optional: NULL is this computer
//   lpAppName              in, optional: application name
//   lpDeviceName           in: device path, such as \\.\Cdrom0
//   hWnd, lpTitle, lpMessage  in, optional: owner, title and text of the prompt of
//                          NTMS_EJECT_ASK_USER
//   dwOptions              in: NtmsEjectOperation, every value
// Errors: those of OpenNtmsSession and EjectNtmsMedia, ERROR_INVALID_DRIVE not a stand-alone drive,
// ERROR_INVALID_STATE empty, ERROR_CANCELLED by the user.
// Any thread; blocks with NTMS_EJECT_IMMEDIATE and NTMS_EJECT_ASK_USER.
// Contract: functions-library-control 21.
DWORD WINAPI EjectDiskFromSADriveW(LPCWSTR lpComputerName, LPCWSTR lpAppName, LPCWSTR lpDeviceName,
                                   HWND hWnd, LPCWSTR lpTitle, LPCWSTR lpMessage, DWORD dwOptions);
DWORD WINAPI EjectDiskFromSADriveA(LPCSTR lpComputerName, LPCSTR lpAppName, LPCSTR lpDeviceName,
                                   HWND hWnd, LPCSTR lpTitle, LPCSTR lpMessage, DWORD dwOptions);

// Returns volume name and drive letter of the disk in a removable drive of this computer.
//   pszDriveName          in: device path of the drive
//   VolumeNameBufferPtr   out: receives a new string, "" without a volume
//   DriveLetterBufferPtr  out: receives a new string, "" without a letter
// The caller owns both strings and frees them: on Windows with HeapFree on the process heap,
// elsewhere with free(). On failure both pointers become NULL.
// Errors: ERROR_INVALID_DRIVE, ERROR_INVALID_PARAMETER.
// Any thread; no session. Contract: functions-library-control 22.
DWORD WINAPI GetVolumesFromDriveW(LPWSTR pszDriveName, LPWSTR* VolumeNameBufferPtr,
                                  LPWSTR* DriveLetterBufferPtr);
DWORD WINAPI GetVolumesFromDriveA(LPSTR pszDriveName, LPSTR* VolumeNameBufferPtr,
                                  LPSTR* DriveLetterBufferPtr);

// Exported by the original library but described nowhere: only the size of its arguments is known.
// No argument is looked at. Returns ERROR_CALL_NOT_IMPLEMENTED.
// Any thread. Contract: functions-library-control 23.
DWORD WINAPI DoEjectFromSADriveW(void* arg1, void* arg2, void* arg3, void* arg4, void* arg5,
                                 void* arg6);

// ---- Cleaner management ----

// Queues the cleaning of a drive; a stand-alone drive is only recorded as cleaned.
//   lpDriveId  in: the drive
// Errors: ERROR_INVALID_DRIVE, ERROR_RESOURCE_DISABLED, ERROR_RESOURCE_NOT_PRESENT library offline,
// ERROR_DEVICE_NOT_AVAILABLE, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 6.
DWORD WINAPI CleanNtmsDrive(HANDLE hSession, LPNTMS_GUID lpDriveId);

// Reserves an empty slot for the cleaner cartridge.
//   lpLibrary  in: the library
//   lpSlot     in: a slot of it that is present and empty
// Errors: ERROR_CLEANER_SLOT_SET, ERROR_RESOURCE_NOT_AVAILABLE slot full or not installed,
// ERROR_OBJECT_NOT_FOUND slot, ERROR_INVALID_LIBRARY, ERROR_LIBRARY_OFFLINE, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 14.
DWORD WINAPI ReserveNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID lpLibrary, LPNTMS_GUID lpSlot);

// Gives up the reservation of the cleaner slot, which must be empty.
//   lpLibrary  in: the library
// Errors: ERROR_CLEANER_SLOT_NOT_SET, ERROR_RESOURCE_NOT_AVAILABLE holds a cleaner,
// ERROR_RESOURCE_NOT_PRESENT, ERROR_INVALID_LIBRARY, ERROR_LIBRARY_OFFLINE, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 15.
DWORD WINAPI ReleaseNtmsCleanerSlot(HANDLE hSession, LPNTMS_GUID lpLibrary);

// Takes a cleaner cartridge into the reserved slot, through port or door, or stops that.
//   lpLibrary             in: the library
//   lpInjectOperation     out with NTMS_INJECT_START, in with NTMS_INJECT_STOP: the library request
//   dwNumberOfCleansLeft  in: uses left on the cartridge; 0xFFFFFFFF does not count them
//   dwAction              in: NTMS_INJECT_START or NTMS_INJECT_STOP
// Errors: ERROR_CLEANER_SLOT_NOT_SET, ERROR_RESOURCE_NOT_AVAILABLE slot full, ERROR_NOT_SUPPORTED,
// ERROR_INVALID_LIBRARY, ERROR_LIBRARY_OFFLINE, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 16.
DWORD WINAPI InjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID lpLibrary,
                               LPNTMS_GUID lpInjectOperation, DWORD dwNumberOfCleansLeft,
                               DWORD dwAction);

// Puts out the cleaner cartridge through port or door, or stops that; it is then forgotten.
//   lpLibrary         in: the library
//   lpEjectOperation  out with NTMS_EJECT_START, in with NTMS_EJECT_STOP: the library request
//   dwAction          in: NTMS_EJECT_START or NTMS_EJECT_STOP
// Errors: ERROR_CLEANER_SLOT_NOT_SET, ERROR_EMPTY, ERROR_INVALID_OPERATION, ERROR_INVALID_LIBRARY,
// ERROR_LIBRARY_OFFLINE, ERROR_RESOURCE_DISABLED, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-library-control 17.
DWORD WINAPI EjectNtmsCleaner(HANDLE hSession, LPNTMS_GUID lpLibrary, LPNTMS_GUID lpEjectOperation,
                              DWORD dwAction);

// ---- Change detection ----

// Opens a handle for the detection of media changes in stand-alone libraries.
//   lpDetectHandle  out: closed with EndNtmsDeviceChangeDetection, or with the session
// Errors: ERROR_INVALID_PARAMETER.
// Any thread. Contract: functions-library-control 18.
DWORD WINAPI BeginNtmsDeviceChangeDetection(HANDLE hSession, LPHANDLE lpDetectHandle);

// Looks at stand-alone libraries for changed media.
//   DetectHandle  in, optional: NULL looks once
//   lpRequestId   in: array of dwCount objects, all of the type dwType
//   dwType        in: NTMS_LIBRARY, NTMS_PHYSICAL_MEDIA or NTMS_MEDIA_TYPE
//   dwCount       in: number of objects
// Errors: ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_INVALID_MEDIA,
// ERROR_INVALID_LIBRARY.
// Any thread. Contract: functions-library-control 19.
DWORD WINAPI SetNtmsDeviceChangeDetection(HANDLE hSession, HANDLE DetectHandle,
                                          LPNTMS_GUID lpRequestId, DWORD dwType, DWORD dwCount);

// Closes a handle for change detection.
//   DetectHandle  in: the handle; not valid afterwards
// Errors: ERROR_INVALID_HANDLE.
// Any thread. Contract: functions-library-control 20.
DWORD WINAPI EndNtmsDeviceChangeDetection(HANDLE hSession, HANDLE DetectHandle);

// ---- Media services ----

// Mounts sides or logical media into drives of one library.
//   lpMediaId           in: array of dwCount distinct logical media or sides
//   lpDriveId           in/out: array of dwCount; read with NTMS_MOUNT_SPECIFIC_DRIVE, on success
//                       entry i is the drive that holds medium i
//   dwCount             in: at least 1
//   dwOptions           in: NtmsMountOptions bits
//   dwPriority          in: NtmsMountPriority, -15 to 15
//   dwTimeout           in: milliseconds, or INFINITE; ignored with NTMS_MOUNT_NOWAIT
//   lpMountInformation  in: reserved, ignored
// Errors: ERROR_TIMEOUT, ERROR_CANCELLED, ERROR_REQUEST_REFUSED, ERROR_BUSY, ERROR_INVALID_MEDIA,
// ERROR_INVALID_DRIVE, ERROR_DRIVE_MEDIA_MISMATCH, ERROR_MEDIA_OFFLINE, ERROR_RESOURCE_DISABLED,
// ERROR_WRITE_PROTECT, ERROR_RESOURCE_NOT_AVAILABLE, ERROR_INVALID_STATE, ERROR_ACCESS_DENIED.
// Any thread; blocks until all are loaded, except with NTMS_MOUNT_NOWAIT.
// Contract: functions-media-services 1.
DWORD WINAPI MountNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, LPNTMS_GUID lpDriveId,
                            DWORD dwCount, DWORD dwOptions, int dwPriority, DWORD dwTimeout,
                            LPNTMS_MOUNT_INFORMATION lpMountInformation);

// Queues the dismount of mounted sides or logical media.
//   lpMediaId  in: array of dwCount distinct logical media or sides
//   dwCount    in: at least 1
//   dwOptions  in: NTMS_DISMOUNT_DEFERRED, NTMS_DISMOUNT_IMMEDIATE, or 0 for immediate
// Errors: ERROR_INVALID_MEDIA, ERROR_INVALID_STATE not mounted, ERROR_MEDIA_OFFLINE,
// ERROR_MEDIA_NOT_AVAILABLE, ERROR_DEVICE_NOT_AVAILABLE, ERROR_ACCESS_DENIED.
// Any thread; returns when queued. Contract: functions-media-services 2.
DWORD WINAPI DismountNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD dwCount,
                               DWORD dwOptions);

// Allocates a side from an application pool to the caller, as a logical medium.
//   lpMediaPool            in: the pool
//   lpPartition            in, optional: the side wanted
//   lpMediaId              out: the new logical medium; also in with NTMS_ALLOCATE_NEXT
//   dwOptions              in: NtmsAllocateOptions
//   dwTimeout              in: milliseconds to wait for the operator, INFINITE, or 0 for no wait
//   lpAllocateInformation  out, optional: dwSize set by the caller; where the medium came from
// On failure *lpMediaId becomes the null GUID, except with NTMS_ALLOCATE_NEXT.
// Errors: ERROR_MEDIA_UNAVAILABLE, ERROR_TIMEOUT, ERROR_CANCELLED, ERROR_INVALID_MEDIA,
// ERROR_INVALID_MEDIA_POOL, ERROR_MEDIA_OFFLINE, ERROR_DEVICE_NOT_AVAILABLE, ERROR_ACCESS_DENIED.
// Any thread; blocks up to dwTimeout. Contract: functions-media-services 3.
DWORD WINAPI AllocateNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaPool, LPNTMS_GUID lpPartition,
                               LPNTMS_GUID lpMediaId, DWORD dwOptions, DWORD dwTimeout,
                               LPNTMS_ALLOCATION_INFORMATION lpAllocateInformation);

// Releases the side behind a logical medium; the logical medium ceases to exist.
//   lpMediaId  in: the logical medium
//   dwOptions  in: 0; ignored
// Errors: ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED.
// Any thread; a free label, if one must be written, is queued. Contract:
// functions-media-services 4.
DWORD WINAPI DeallocateNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD dwOptions);

// Exchanges the sides behind two logical media of one pool.
//   lpMediaId1, lpMediaId2  in: the logical media
// Errors: ERROR_INVALID_MEDIA unknown or in use, ERROR_INVALID_MEDIA_POOL, ERROR_INVALID_STATE,
// ERROR_BAD_FORMAT, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 5.
DWORD WINAPI SwapNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId1, LPNTMS_GUID lpMediaId2);

// Relates a media type to a library and creates the system pools of the type.
//   lpMediaTypeId  in: the media type
//   lpLibId        in: the library
// Errors: ERROR_INVALID_MEDIA type unknown, ERROR_INVALID_LIBRARY, ERROR_LIBRARY_OFFLINE,
// ERROR_RESOURCE_DISABLED, ERROR_ACCESS_DENIED. An existing relation is success.
// Any thread. Contract: functions-media-services 6.
DWORD WINAPI AddNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaTypeId, LPNTMS_GUID lpLibId);

// Removes the relation of a media type to a library.
//   lpMediaTypeId  in: the media type
//   lpLibId        in: the library
// Errors: ERROR_NOT_EMPTY the library holds media of the type, ERROR_INVALID_MEDIA,
// ERROR_INVALID_LIBRARY, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 7.
DWORD WINAPI DeleteNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaTypeId, LPNTMS_GUID lpLibId);

// Moves a physical medium to a pool of another media type and gives it that type.
//   lpMediaId  in: the physical medium
//   lpPoolId   in: the pool it goes to
// Errors: ERROR_INVALID_MEDIA, ERROR_INVALID_MEDIA_POOL, ERROR_LIBRARY_OFFLINE, ERROR_BUSY,
// ERROR_ACCESS_DENIED.
// Any thread; a free label, if one must be written, is queued. Contract:
// functions-media-services 8.
DWORD WINAPI ChangeNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaId, LPNTMS_GUID lpPoolId);

// Marks an available side as no longer usable.
//   lpMediaId  in: the side
// Errors: ERROR_INVALID_STATE not available, ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 9.
DWORD WINAPI DecommissionNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId);

// Marks an allocated side as complete: it can be read but not written any more.
//   lpMediaId  in: the logical medium
// Errors: ERROR_INVALID_STATE not allocated or in use, ERROR_INVALID_MEDIA, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 10.
DWORD WINAPI SetNtmsMediaComplete(HANDLE hSession, LPNTMS_GUID lpMediaId);

// Deletes an offline physical medium, such as a lost one, with its sides.
//   lpMediaId  in: the physical medium
// Errors: ERROR_INVALID_STATE not offline or still allocated, ERROR_INVALID_MEDIA,
// ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 11.
DWORD WINAPI DeleteNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId);

// Creates an offline physical medium with its sides, for media catalogued elsewhere.
//   lpMedia    in/out: the medium, type NTMS_PHYSICAL_MEDIA; completed on return
//   lpList     in/out: its sides, an array of Info.PhysicalMedia.dwNumberOfPartitions structures of
//              type NTMS_PARTITION
//   dwOptions  in: 0 or NTMS_ERROR_ON_DUPLICATE
// Errors: ERROR_INVALID_MEDIA bar code or label already known, ERROR_INVALID_MEDIA_POOL,
// ERROR_MEDIA_INCOMPATIBLE number of sides, ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-objects 3.
DWORD WINAPI CreateNtmsMediaW(HANDLE hSession, LPNTMS_OBJECTINFORMATIONW lpMedia,
                              LPNTMS_OBJECTINFORMATIONW lpList, DWORD dwOptions);
DWORD WINAPI CreateNtmsMediaA(HANDLE hSession, LPNTMS_OBJECTINFORMATIONA lpMedia,
                              LPNTMS_OBJECTINFORMATIONA lpList, DWORD dwOptions);

// Opens or creates an application media pool by its path.
//   lpPoolName            in: path such as \Backup\Weekly; the parent must exist
//   lpMediaType           in, optional: media type; NULL makes a pool that holds pools
//   dwAction              in: NtmsCreateOptions
//   lpSecurityAttributes  in, optional: security of a new pool, copied
//   lpPoolId              out: the pool
// Errors: ERROR_ALREADY_EXISTS, ERROR_OBJECT_NOT_FOUND pool or parent, ERROR_INVALID_NAME,
// ERROR_INVALID_MEDIA media type, ERROR_INVALID_MEDIA_POOL, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 12.
DWORD WINAPI CreateNtmsMediaPoolW(HANDLE hSession, LPCWSTR lpPoolName, LPNTMS_GUID lpMediaType,
                                  DWORD dwAction, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                  LPNTMS_GUID lpPoolId);
DWORD WINAPI CreateNtmsMediaPoolA(HANDLE hSession, LPCSTR lpPoolName, LPNTMS_GUID lpMediaType,
                                  DWORD dwAction, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                  LPNTMS_GUID lpPoolId);

// Returns the path of a media pool.
//   lpPoolId     in: the pool
//   lpNameBuf    out: caller's buffer
//   lpdwBufSize  in/out: capacity, then size with the terminator, in characters
// Errors: ERROR_INSUFFICIENT_BUFFER (*lpdwBufSize is the size needed), ERROR_INVALID_MEDIA_POOL,
// ERROR_ACCESS_DENIED.
// Any thread; reads only. Contract: functions-media-services 13.
DWORD WINAPI GetNtmsMediaPoolNameW(HANDLE hSession, LPNTMS_GUID lpPoolId, LPWSTR lpNameBuf,
                                   LPDWORD lpdwBufSize);
DWORD WINAPI GetNtmsMediaPoolNameA(HANDLE hSession, LPNTMS_GUID lpPoolId, LPSTR lpNameBuf,
                                   LPDWORD lpdwBufSize);

// Deletes an empty application pool.
//   lpPoolId  in: the pool
// Errors: ERROR_NOT_EMPTY, ERROR_INVALID_MEDIA_POOL unknown or a system pool, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-media-services 15.
DWORD WINAPI DeleteNtmsMediaPool(HANDLE hSession, LPNTMS_GUID lpPoolId);

// Moves a physical medium with all its sides to another pool.
//   lpMediaId  in: the physical medium
//   lpPoolId   in: the pool it goes to
// Errors: ERROR_BUSY a side is in use, ERROR_INVALID_MEDIA, ERROR_INVALID_MEDIA_POOL move not
// allowed, ERROR_MEDIA_INCOMPATIBLE other media type, ERROR_ACCESS_DENIED.
// Any thread; a move to a free pool is queued, since a label is written first.
// Contract: functions-media-services 16.
DWORD WINAPI MoveToNtmsMediaPool(HANDLE hSession, LPNTMS_GUID lpMediaId, LPNTMS_GUID lpPoolId);

// ---- On-media identifier management ----

// Tells the server that the application wrote a new on-media identifier.
//   lpMediaId      in: the logical medium
//   labelType      in: NTMS_OMID_TYPE_RAW_LABEL or NTMS_OMID_TYPE_FILESYSTEM_INFO
//   numberOfBytes  in: size of the buffer in bytes
//   lpBuffer       in: the label as written, or an NTMS_FILESYSTEM_INFO
// Errors: ERROR_BAD_FORMAT no label library knows the label, ERROR_INVALID_MEDIA,
// ERROR_INVALID_PARAMETER, ERROR_ACCESS_DENIED.
// Any thread; label libraries are called one after the other. Contract:
// functions-media-services 14.
DWORD WINAPI UpdateNtmsOmidInfo(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD labelType,
                                DWORD numberOfBytes, LPVOID lpBuffer);

// ---- Operator requests ----

// Creates a request to the operator.
//   dwRequest    in: NtmsOpreqCommand, not NTMS_OPREQ_UNKNOWN
//   lpMessage    in, optional: text, up to 255 characters; required with NTMS_OPREQ_MESSAGE
//   lpArg1Id     in: pool, library, device or medium, as dwRequest says
//   lpArg2Id     in: the library that is to receive the medium, or NULL
//   lpRequestId  out: the operator request
// Errors: ERROR_INVALID_PARAMETER, ERROR_OBJECT_NOT_FOUND, ERROR_MESSAGE_EXCEEDS_MAX_SIZE,
// ERROR_ACCESS_DENIED.
// Any thread; returns at once. Contract: functions-session 3.
DWORD WINAPI SubmitNtmsOperatorRequestW(HANDLE hSession, DWORD dwRequest, LPCWSTR lpMessage,
                                        LPNTMS_GUID lpArg1Id, LPNTMS_GUID lpArg2Id,
                                        LPNTMS_GUID lpRequestId);
DWORD WINAPI SubmitNtmsOperatorRequestA(HANDLE hSession, DWORD dwRequest, LPCSTR lpMessage,
                                        LPNTMS_GUID lpArg1Id, LPNTMS_GUID lpArg2Id,
                                        LPNTMS_GUID lpRequestId);

// Waits until an operator request is completed or refused.
//   lpRequestId  in: the operator request
//   dwTimeout    in: milliseconds, INFINITE, or 0 to test
// Errors: ERROR_TIMEOUT, ERROR_CANCELLED refused or session closed, ERROR_OBJECT_NOT_FOUND.
// Any thread; blocks up to dwTimeout. Contract: functions-session 4.
DWORD WINAPI WaitForNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId, DWORD dwTimeout);

// Refuses an operator request; the work that waits for it fails.
//   lpRequestId  in: the operator request
// Errors: ERROR_INVALID_STATE already finished, ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-session 5.
DWORD WINAPI CancelNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId);

// Completes an operator request; the work that waits for it goes on.
//   lpRequestId  in: the operator request
// Errors: ERROR_OBJECT_NOT_FOUND unknown or already finished, ERROR_ACCESS_DENIED.
// Any thread. Contract: functions-session 6.
DWORD WINAPI SatisfyNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId);

// ---- Database notification ----

// Opens a channel that reports every change of the objects of one type from now on.
//   dwType  in: NtmsObjectsTypes; a type without objects gives a channel that never reports
// Returns a notification handle, to be given back with CloseNtmsNotification or with the session,
// or INVALID_HANDLE_VALUE with the cause in GetLastError: ERROR_INVALID_HANDLE session,
// ERROR_ACCESS_DENIED, ERROR_NOT_CONNECTED, ERROR_DATABASE_FAILURE.
// Any thread. Contract: functions-session 9.
HANDLE WINAPI OpenNtmsNotification(HANDLE hSession, DWORD dwType);

// Takes the oldest change of a channel, waiting for one if there is none.
//   hNotification              in: the channel
//   lpNotificationInformation  out: what happened to which object
//   dwTimeout                  in: milliseconds, INFINITE, or 0 to test
// Errors: ERROR_TIMEOUT, ERROR_NO_DATA the channel broke, open a new one, ERROR_INVALID_HANDLE
// (also NULL).
// Any thread; blocks up to dwTimeout. Contract: functions-session 10.
DWORD WINAPI WaitForNtmsNotification(HANDLE hNotification,
                                     LPNTMS_NOTIFICATIONINFORMATION lpNotificationInformation,
                                     DWORD dwTimeout);

// Closes a notification channel; a waiting call on it returns ERROR_NO_DATA.
//   hNotification  in: the channel; not valid afterwards
// Errors: ERROR_INVALID_PARAMETER NULL, ERROR_INVALID_HANDLE any other bad handle.
// Any thread. Contract: functions-session 11.
DWORD WINAPI CloseNtmsNotification(HANDLE hNotification);

// ---- Database backup and recovery ----

// Writes a consistent copy of the database into its folder Export, replacing an older one.
// Errors: ERROR_SHARING_VIOLATION a file is open elsewhere, ERROR_DATABASE_FAILURE,
// ERROR_ACCESS_DENIED.
// Any thread; returns when written. Contract: functions-session 7.
DWORD WINAPI ExportNtmsDatabase(HANDLE hSession);

// Schedules the loading of the folder Export at the next start of the server.
// Errors: ERROR_DATABASE_FAILURE nothing to load, ERROR_ACCESS_DENIED.
// Any thread; changes nothing before that start. Contract: functions-session 8.
DWORD WINAPI ImportNtmsDatabase(HANDLE hSession);

#ifdef UNICODE
#define OpenNtmsSession OpenNtmsSessionW
#define GetNtmsObjectInformation GetNtmsObjectInformationW
#define SetNtmsObjectInformation SetNtmsObjectInformationW
#define GetNtmsObjectAttribute GetNtmsObjectAttributeW
#define SetNtmsObjectAttribute SetNtmsObjectAttributeW
#define GetNtmsUIOptions GetNtmsUIOptionsW
#define SetNtmsUIOptions SetNtmsUIOptionsW
#define EjectDiskFromSADrive EjectDiskFromSADriveW
#define GetVolumesFromDrive GetVolumesFromDriveW
#define CreateNtmsMedia CreateNtmsMediaW
#define CreateNtmsMediaPool CreateNtmsMediaPoolW
#define GetNtmsMediaPoolName GetNtmsMediaPoolNameW
#define SubmitNtmsOperatorRequest SubmitNtmsOperatorRequestW
#else
#define OpenNtmsSession OpenNtmsSessionA
#define GetNtmsObjectInformation GetNtmsObjectInformationA
#define SetNtmsObjectInformation SetNtmsObjectInformationA
#define GetNtmsObjectAttribute GetNtmsObjectAttributeA
#define SetNtmsObjectAttribute SetNtmsObjectAttributeA
#define GetNtmsUIOptions GetNtmsUIOptionsA
#define SetNtmsUIOptions SetNtmsUIOptionsA
#define EjectDiskFromSADrive EjectDiskFromSADriveA
#define GetVolumesFromDrive GetVolumesFromDriveA
#define CreateNtmsMedia CreateNtmsMediaA
#define CreateNtmsMediaPool CreateNtmsMediaPoolA
#define GetNtmsMediaPoolName GetNtmsMediaPoolNameA
#define SubmitNtmsOperatorRequest SubmitNtmsOperatorRequestA
#endif

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // NTMS_NTMSAPI_H
