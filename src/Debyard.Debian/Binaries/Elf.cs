using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Debyard.Debian.Names;

namespace Debyard.Debian.Binaries;

/// <summary>The machine that an ELF file was built for, read from its header (elf(5)).</summary>
/// <param name="Machine"><c>e_machine</c>: 62 x86-64, 183 AArch64, 40 Arm, 175 Elbrus.</param>
/// <param name="Bits">32 or 64.</param>
/// <param name="IsLittleEndian">The byte order.</param>
public sealed record Elf(int Machine, int Bits, bool IsLittleEndian)
{
    /// <summary>The number of bytes at the start of a file that <see cref="TryRead"/> needs.</summary>
    public const int HeaderSize = 20;

    /// <summary>Returns false if the bytes are not the start of an ELF file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> start, [NotNullWhen(true)] out Elf? elf)
    {
        elf = null;
        if (start.Length < HeaderSize || !start.StartsWith("\u007fELF"u8))
            return false;
        if (start[4] is not (1 or 2) || start[5] is not (1 or 2))
            return false;
        var isLittleEndian = start[5] == 1;
        var machine = isLittleEndian
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[18..])
            : BinaryPrimitives.ReadUInt16BigEndian(start[18..]);
        elf = new Elf(machine, start[4] * 32, isLittleEndian);
        return true;
    }

    /// <summary>Returns the machine of an architecture's programs; null for unknown architectures and for <c>all</c>.</summary>
    public static int? MachineOf(Architecture architecture) =>
        architecture.ToString() switch
        {
            // Values: elf.h. Names: dpkg-architecture --list-known.
            "amd64" or "x32" or "musl64" => 62,
            "i386" => 3,
            "arm64" => 183,
            "armhf" or "armel" => 40,
            "ppc64el" => 21,
            "s390x" => 22,
            "mips64el" => 8,
            "riscv64" => 243,
            "loong64" => 258,
            "e2k" => 175,
            _ => null,
        };

    /// <summary>The common name of the machine.</summary>
    public string MachineName =>
        Machine switch
        {
            3 => "i386",
            8 => "MIPS",
            21 => "PowerPC64",
            22 => "S/390",
            40 => "Arm",
            62 => "x86-64",
            175 => "Elbrus",
            183 => "AArch64",
            243 => "RISC-V",
            258 => "LoongArch",
            _ => $"machine {Machine}",
        };
}
