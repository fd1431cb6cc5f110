using Debyard.Debian.Names;

namespace Debyard.Pipeline.Engine;

/// <summary>Docker's platform names for Debian's architectures: https://github.com/docker-library/official-images#architectures-other-than-amd64</summary>
public static class Platforms
{
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
