using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Validation.Reports;
using Debyard.Pipeline.Validation.Services;

namespace Debyard.Pipeline.Validation;

/// <summary>Makes the containers of a validation, and keeps those in which something failed if the user wants to look into them.</summary>
public sealed class Containers(DockerEngine engine, Image @base, bool keepsFailed, Action<string> log)
{
    static readonly ContainerInit[] waysToBoot = [ContainerInit.Systemd, ContainerInit.PrivilegedSystemd];

    /// <summary>How systemd runs on this engine; null until it was tried.</summary>
    ContainerInit? boots;

    /// <summary>Finds out how systemd runs in containers of this engine; false if it does not.</summary>
    /// <param name="reference">An image with systemd.</param>
    public async Task<bool> CanBootAsync(string reference, CancellationToken cancellation)
    {
        // An emulator of user mode lacks what systemd needs of the kernel.
        foreach (var init in @base.IsEmulated ? [] : waysToBoot)
        {
            try
            {
                await using var container = await engine.StartAsync(new ContainerRequest(@base, reference, "bridge", init), cancellation);
                if (await SystemdServices.TryBootAsync(container, cancellation))
                {
                    boots = init;
                    return true;
                }
            }
            catch (Exception exception) when (DockerEngine.Explain(exception) is { } reason && !cancellation.IsCancellationRequested)
            {
                log($"systemd does not run as {init}: {reason}");
            }
        }
        return false;
    }

    /// <summary>How containers with systemd run, for reports.</summary>
    public string SystemdMode => boots == ContainerInit.PrivilegedSystemd ? "systemd, privileged" : "systemd, with CAP_SYS_ADMIN";

    /// <summary>Creates a container without starting it.</summary>
    public Task<EngineContainer> CreateAsync(string reference, bool withSystemd, CancellationToken cancellation) =>
        engine.CreateAsync(
            new ContainerRequest(@base, reference, "bridge", withSystemd ? boots!.Value : ContainerInit.Docker) { IsKept = keepsFailed },
            cancellation
        );

    public async Task<EngineContainer> StartAsync(string reference, bool withSystemd, CancellationToken cancellation)
    {
        var container = await CreateAsync(reference, withSystemd, cancellation);
        try
        {
            await BootAsync(container, withSystemd, cancellation);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a container, and waits until systemd has booted in it.</summary>
    /// <exception cref="StepFailedException">systemd does not boot with the packages.</exception>
    public static async Task BootAsync(EngineContainer container, bool withSystemd, CancellationToken cancellation)
    {
        await container.StartAsync(cancellation);
        if (withSystemd && !await SystemdServices.TryBootAsync(container, cancellation))
        {
            throw new StepFailedException(
                "systemd does not boot with these packages installed",
                await container.ReadLogAsync(cancellation)
            );
        }
    }

    /// <summary>Removes a container, unless something failed in it and the user wants to look into it.</summary>
    public async Task EndAsync(EngineContainer container, bool hasFailed)
    {
        if (hasFailed && keepsFailed)
        {
            log(
                $"The container is left running: `docker exec -it {container.ShortId} bash`; end it with `docker rm -f {container.ShortId}`"
            );
            return;
        }
        await container.DisposeAsync();
    }
}
