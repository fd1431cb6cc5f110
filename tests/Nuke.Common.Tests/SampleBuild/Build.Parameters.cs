using Nuke.Common;
using Nuke.Common.CI.GitLab;
using Nuke.Common.IO;

namespace Debyard.Tests.SampleBuild;

enum Flavour
{
    Plain,
    Spicy,
}

/// <summary>A component: targets and parameters that come with an interface.</summary>
[ParameterPrefix("Greeting")]
interface IGreet : INukeBuild
{
    [Parameter("Whom to greet.")]
    string Name => TryGetValue(() => Name) ?? "world";

    Target Greet => _ => _.Executes(() => Console.WriteLine($"hello {Name}"));
}

/// <summary>Parameters of every type.</summary>
sealed partial class Build
{
    [Parameter("An address.")]
    readonly string? RepositoryUrl;

    [Parameter]
    readonly int Jobs = 2;

    [Parameter]
    readonly int? Limit;

    [Parameter]
    readonly Flavour Taste;

    [Parameter]
    readonly Flavour? Hint;

    [Parameter(Separator = ",")]
    readonly string[] Architectures = ["amd64"];

    [Parameter]
    readonly Flavour[] Tastes = [];

    [Parameter("Where things go, a description so long that the help text has to break it into more than one line of words.")]
    readonly AbsolutePath OutputFolder = RootDirectory / "output";

    [Parameter]
    [Secret]
    readonly string? Token;

    [Parameter(List = false)]
    readonly bool Quiet;

    [Parameter]
    string? MustHave { get; }

    Target Show =>
        _ =>
            _.Executes(() =>
            {
                Console.WriteLine(
                    $"name={PackageName} url={RepositoryUrl ?? "-"} jobs={Jobs} limit={Limit?.ToString() ?? "-"} "
                        + $"taste={Taste} hint={Hint?.ToString() ?? "-"}"
                );
                Console.WriteLine(
                    $"architectures={string.Join('|', Architectures)} tastes={string.Join('|', Tastes)} "
                        + $"output={RootDirectory.GetRelativePathTo(OutputFolder)}"
                );
                Console.WriteLine($"token={Token ?? "-"} quiet={Quiet} allowed={Allowed}");
            });

    Target ShowHost =>
        _ =>
            _.Executes(() =>
            {
                Console.WriteLine($"host={Host.GetType().Name} local={IsLocalBuild} server={IsServerBuild}");
                Console.WriteLine(
                    $"slug={GitLab.Instance?.CommitRefSlug ?? "-"} job={GitLab.Instance?.JobId ?? 0} "
                        + $"protected={GitLab.Instance?.CommitRefProtected ?? false}"
                );
            });

    Target Require => _ => _.Requires(() => MustHave).Executes(() => Console.WriteLine($"has {MustHave}"));
    Target RequireTrue => _ => _.Requires(() => Jobs > 1).Executes(() => Console.WriteLine("enough jobs"));
}
