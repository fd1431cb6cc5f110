namespace Debyard.Pipeline.Setup;

/// <summary>What a machine has, as far as <c>Setup</c> needs to know.</summary>
/// <param name="Programs">The installed programs, of those that <see cref="SetupPlan"/> asks for.</param>
/// <param name="HasEngine">Whether a Docker engine answers at <paramref name="EngineAddress"/>.</param>
/// <param name="IsRoot">Whether the user may install packages and start services.</param>
/// <param name="IsSystemd">Whether systemd manages the services.</param>
public sealed record MachineState(IReadOnlySet<string> Programs, bool HasEngine, Uri EngineAddress, bool IsRoot, bool IsSystemd)
{
    /// <summary>Whether the engine runs on this machine, so that it can be started here.</summary>
    public bool IsEngineLocal => EngineAddress.Scheme == "unix";
}
