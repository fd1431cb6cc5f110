using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Validation.Installing;

/// <summary>
/// A base image with systemd, for validations that boot it. It is made once from the base by its own apt, and kept in the engine like the
/// base itself.
/// </summary>
public static class SystemdBase
{
    // As a Debian server has it; dbus is what other packages talk to systemd by. policy-rc.d is how images forbid to start services.
    const string Install =
        "apt-get -q update && apt-get -q -y --no-install-recommends install systemd systemd-sysv dbus && apt-get clean "
        + "&& rm -rf /var/lib/apt/lists/* && rm -f /usr/sbin/policy-rc.d";

    // Two validations of one run must not make it twice.
    static readonly SemaphoreSlim gate = new(1);

    /// <summary>Makes the image if the engine lacks it, and returns its name.</summary>
    /// <exception cref="PipelineException">The base's archive has no systemd, or cannot be reached.</exception>
    public static async Task<string> EnsureAsync(DockerEngine engine, Image @base, Action<string> log, CancellationToken cancellation)
    {
        var reference = $"debyard/{@base.Product}/{@base.Name}-systemd:{@base.Architecture}-{@base.Fingerprint.Brief}";
        await gate.WaitAsync(cancellation);
        try
        {
            if (await engine.FindImageIdAsync(reference, cancellation) is not null)
            {
                return reference;
            }
            log($"{@base.Id}: adding systemd, once");
            await using var container = await engine.StartAsync(@base, "bridge", cancellation);
            var result = await container.RunAsync(["sh", "-c", Install], cancellation);
            if (result.ExitCode != 0)
            {
                throw new PipelineException(
                    $"systemd cannot be added to {@base.Id}. Is the archive in its /etc/apt reachable? `init: exec` needs no systemd.\n"
                        + AptOutput.Indented(result.Output)
                );
            }
            await engine.CommitAsync(container, reference, cancellation, isKept: true);
            return reference;
        }
        finally
        {
            gate.Release();
        }
    }
}
