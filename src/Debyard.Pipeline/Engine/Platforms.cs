using Debyard.Debian.Names;

namespace Debyard.Pipeline.Engine;

/// <summary>
/// Docker's names of Debian's architectures.
/// https://github.com/docker-library/official-images#architectures-other-than-amd64
/// </summary>
public static class Platforms
{
    /// <summary>The Debian architecture of this machine, and so of an engine on it.</summary>
    public static Architecture EngineArchitecture { get; } =
        Architecture.Parse(
            System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
            {
                System.Runtime.InteropServices.Architecture.X64 => "amd64",
                System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
                System.Runtime.InteropServices.Architecture.Arm => "armhf",
                var other => other.ToString().ToLowerInvariant(),
            }
        );

    public static string Of(Architecture architecture) =>
        "linux/"
        + architecture.ToString() switch
        {
            "armhf" => "arm/v7",
            "armel" => "arm/v5",
            "i386" => "386",
            "ppc64el" => "ppc64le",
            "mips64el" => "mips64le",
            var same => same,
        };
}
