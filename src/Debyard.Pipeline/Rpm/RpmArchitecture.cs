using Debyard.Debian.Names;

namespace Debyard.Pipeline.Rpm;

/// <summary>rpm's names of architectures (rpm's rpmrc.in; Fedora and its kin for armhf).</summary>
public static class RpmArchitecture
{
    /// <summary>Null if no distribution with rpm exists for the architecture.</summary>
    public static string? Of(Architecture architecture) =>
        architecture.ToString() switch
        {
            "all" => "noarch",
            "amd64" => "x86_64",
            "arm64" => "aarch64",
            "armhf" => "armv7hl",
            "i386" => "i686",
            "ppc64el" => "ppc64le",
            "s390x" => "s390x",
            "riscv64" => "riscv64",
            "loong64" => "loongarch64",
            _ => null,
        };
}
