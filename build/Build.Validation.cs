using Nuke.Common;

partial class Build
{
    [Parameter("Architectures to validate by emulation, if the run builds for them", Separator = ",")]
    readonly string[] Emulate = [];

    [Parameter("Leaves a container running in which the validation failed, and prints how to look into it")]
    readonly bool Keep;

    [Parameter("Validates together all that the branch holds, of all products, by the checks that its packages carry")]
    readonly bool All;

    [Parameter("Package that Shell installs: one of the manifest, or another one of the branch", Name = "package")]
    readonly string ShellPackage = null!;

    Target Validate =>
        _ =>
            _.Description(
                    "Installs the packages in clean containers with apt-get, checks their services, upgrades, removes and purges them"
                )
                .DependsOn(Upload, Package)
                .Executes(() => InRun(run => All ? run.ValidateBranchAsync() : run.ValidateAsync()));

    Target Shell =>
        _ =>
            _.Description("Opens a shell in a clean container with --package installed, and removes the container afterwards")
                .DependsOn(Upload, Package)
                .Requires(() => ShellPackage)
                .Executes(() => InRun(run => run.OpenShellAsync(ShellPackage)));
}
