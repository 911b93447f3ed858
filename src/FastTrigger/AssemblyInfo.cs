using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every native signature here is blittable, so no marshalling code is generated or loaded.
[assembly: DisableRuntimeMarshalling]

// libssl and libcrypto come from the system's library path, never from beside the binary.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
