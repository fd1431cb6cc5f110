using System.Reflection;

namespace Nuke.Common;

static class ExceptionExtensions
{
    /// <summary>The exception itself, out of those that only carry it.</summary>
    public static Exception Unwrap(this Exception exception) =>
        exception switch
        {
            TypeInitializationException { InnerException: { } inner } => inner.Unwrap(),
            TargetInvocationException { InnerException: { } inner } => inner.Unwrap(),
            AggregateException aggregate => aggregate.Flatten(),
            _ => exception,
        };
}
