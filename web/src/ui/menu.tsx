import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { CheckIcon } from './icons';

interface MenuProps {
  label: string;
  trigger: ReactNode;
  triggerClassName?: string;
  children: ReactNode;
}

/**
 * Not modal: a modal menu locks scrolling with an injected style element, which the policy refuses. Without a
 * portal, so that it stays in the landmark it belongs to.
 */
export function Menu({ label, trigger, triggerClassName, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={12}
        className="z-50 max-h-[70dvh] min-w-56 max-w-[calc(100vw-24px)] overflow-auto rounded-2 border border-line-2 bg-raised p-1 text-2 shadow-float data-[state=open]:animate-rise"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

const itemClass =
  'flex min-h-9 items-center gap-2 rounded-[6px] px-2.5 py-1.5 outline-none select-none data-highlighted:bg-sunken max-sm:min-h-11';

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-0 text-ink-3">{children}</DropdownMenu.Label>;
}

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item className={itemClass} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

interface MenuChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}

export function MenuChoice<T extends string>({ label, options, value, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(chosen) => {
        const option = options.find((each) => each.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="flex-1">{option.label}</span>
          <DropdownMenu.ItemIndicator>
            <CheckIcon size={16} />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
