using System.Linq.Expressions;
using Nuke.Common.IO;
using Nuke.Common.Parameters;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    AbsolutePath INukeBuild.RootDirectory => RootDirectory;
    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;
    AbsolutePath INukeBuild.BuildAssemblyFile => BuildAssemblyFile;
    AbsolutePath INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;
    AbsolutePath INukeBuild.BuildProjectDirectory => BuildProjectDirectory;
    AbsolutePath INukeBuild.BuildProjectFile => BuildProjectFile;
    Verbosity INukeBuild.Verbosity => Verbosity;
    Host INukeBuild.Host => Host;
    bool INukeBuild.IsLocalBuild => IsLocalBuild;
    bool INukeBuild.IsServerBuild => IsServerBuild;

    T INukeBuild.TryGetValue<T>(Expression<Func<T>> parameterExpression) => ParameterInjection.ValueOf<T>(this, parameterExpression);

    T INukeBuild.TryGetValue<T>(Expression<Func<object>> parameterExpression) => ParameterInjection.ValueOf<T>(this, parameterExpression);
}
