using Debyard.Debian.Names;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Steps;

/// <summary>Which architectures the kernel can run by an emulator: https://docs.kernel.org/admin-guide/binfmt-misc.html</summary>
static class Emulation
{
    const string Registrations = "/proc/sys/fs/binfmt_misc";

    /// <summary>QEMU's names of Debian's architectures.</summary>
    static readonly Dictionary<string, string> emulators = new()
    {
        ["amd64"] = "qemu-x86_64",
        ["arm64"] = "qemu-aarch64",
        ["armhf"] = "qemu-arm",
        ["armel"] = "qemu-arm",
        ["ppc64el"] = "qemu-ppc64le",
        ["riscv64"] = "qemu-riscv64",
        ["s390x"] = "qemu-s390x",
        ["mips64el"] = "qemu-mips64el",
        ["loong64"] = "qemu-loongarch64",
    };

    /// <summary>The architectures to emulate.</summary>
    /// <param name="names">What the user asked for.</param>
    /// <param name="built">What the run builds for.</param>
    /// <exception cref="PipelineException">One is not built, or this machine cannot run it.</exception>
    public static IReadOnlyList<Architecture> Choose(IReadOnlyList<string> names, IReadOnlyList<BuildArchitecture> built) =>
        [.. names.Select(name => Choose(name, built))];

    static Architecture Choose(string name, IReadOnlyList<BuildArchitecture> built)
    {
        if (built.FirstOrDefault(architecture => architecture.Name.ToString() == name) is not { } chosen)
        {
            throw new PipelineException($"--emulate {name}: the run does not build for {name}; add it to --architectures.");
        }
        if (chosen.Name == Platforms.EngineArchitecture)
        {
            return chosen.Name;
        }
        if (!emulators.TryGetValue(name, out var emulator))
        {
            throw new PipelineException(
                $"--emulate {name}: {name} cannot run here, because it is not an architecture of Debian that QEMU emulates."
            );
        }
        // An engine on another machine has a kernel of its own.
        var isLocal = DockerEngine.Address.Scheme == "unix";
        if (isLocal && !File.Exists(Path.Combine(Registrations, emulator)))
        {
            throw new PipelineException(
                $"--emulate {name}: {name} cannot run on this machine, because no emulator is registered for it. "
                    + "On Debian, install qemu-user-static, binfmt-support and arch-test: "
                    + $"`./build.sh Setup --emulate {name}` does it as root."
            );
        }
        return chosen.Name;
    }
}
