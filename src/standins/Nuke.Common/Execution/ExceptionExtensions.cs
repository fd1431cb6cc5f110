using System.Reflection;

namespace Nuke.Common;

static class ExceptionExtensions
{
    /// <summary>The inner exception of wrappers such as <see cref="System.Reflection.TargetInvocationException"/>.</summary>
    public static Exception Unwrap(this Exception exception) =>
        exception switch
        {
            TypeInitializationException { InnerException: { } inner } => inner.Unwrap(),
            TargetInvocationException { InnerException: { } inner } => inner.Unwrap(),
            AggregateException aggregate => aggregate.Flatten(),
            _ => exception,
        };
}
