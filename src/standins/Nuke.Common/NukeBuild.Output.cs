using System.Reflection;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    internal void WriteLogo()
    {
        var version = typeof(NukeBuild).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Host.Information($"NUKE Execution Engine version {version} ({EnvironmentInfo.Platform},{EnvironmentInfo.Framework})");
        Host.Information();
    }

    internal IDisposable WriteTarget(string target) =>
        IsOutputEnabled(Host.CollapsesBlocks ? DefaultOutput.TargetCollapse : DefaultOutput.TargetHeader)
            ? Host.WriteBlock(target)
            : Host.Block.WithoutEnd;

    internal void WriteErrorsAndWarnings()
    {
        if (IsOutputEnabled(DefaultOutput.ErrorsAndWarnings))
            Host.WriteErrorsAndWarnings();
    }

    internal void WriteTargetOutcome()
    {
        if (IsOutputEnabled(DefaultOutput.TargetOutcome))
            Host.WriteTargetOutcome(this);
    }

    internal void WriteBuildOutcome()
    {
        if (IsOutputEnabled(DefaultOutput.BuildOutcome))
            Host.WriteBuildOutcome(this);
    }

    internal bool IsOutputEnabled(DefaultOutput output) =>
        !GetType()
            .GetCustomAttributes<DisableDefaultOutputAttribute>()
            .Any(x => x.IsApplicable(this) && x.DisabledOutputs.Contains(output));
}
