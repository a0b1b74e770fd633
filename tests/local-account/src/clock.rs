//! The account's clock: minutes of waiting can be made seconds.

use std::time::Duration;

use crate::locked::Locked;

/// By how much Lambda's waiting times are divided.
#[derive(Debug)]
pub(crate) struct Clock(Locked<f64>);

impl Default for Clock {
    fn default() -> Self {
        Self(Locked::new(1.0))
    }
}

impl Clock {
    /// Factors that are no positive number leave the clock as it is.
    pub(crate) fn set_factor(&self, factor: f64) {
        if factor.is_finite() && factor > 0.0 {
            *self.0.lock() = factor;
        }
    }

    pub(crate) fn scaled(&self, time: Duration) -> Duration {
        Duration::try_from_secs_f64(time.as_secs_f64() / *self.0.lock()).unwrap_or(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_becomes_a_second_at_sixty_times_the_speed() {
        let clock = Clock::default();
        clock.set_factor(60.0);
        clock.set_factor(f64::NAN);
        assert_eq!(clock.scaled(Duration::from_mins(1)), Duration::from_secs(1));
    }
}
